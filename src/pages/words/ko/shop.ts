import type { ShopWords } from "../en/shop.ts";

/** Names of sections, rows and seats may have their unit already: 1열, A구역. */
function withUnit(name: string, unit: string, space = ""): string {
  return name.endsWith(unit) || (unit === "구역" && name.endsWith("석"))
    ? name
    : name + space + unit;
}

export const shop: ShopWords = {
  title: "좌석 선택",
  concerts: "공연 선택",
  payTitle: "결제",
  doneTitle: "예매가 완료되었습니다",
  back: "이전",
  timeLeft: "남은 시간",
  none: "현재 예매할 수 있는 공연이 없습니다.",
  status: { ON_SALE: "예매 중", SOLD_OUT: "매진", ENDED: "예매 마감", WITHDRAWN: "공연 취소" },
  choose: "좌석 선택",
  yours: (time) => `내 시간대 기준 ${time}`,
  stage: "무대",
  map: "좌석 배치도",
  mapHint: "방향키로 이동하고 Enter로 선택합니다. +와 -로 확대·축소, 0으로 전체를 봅니다.",
  zoomIn: "확대",
  zoomOut: "축소",
  showAll: "전체 보기",
  list: "좌석 목록",
  asList: "목록에서 선택",
  free: "선택 가능",
  taken: "선택 불가",
  mine: "내 좌석",
  chosen: "선택함",
  noneFree: "남은 좌석 없음",
  section: (name) => withUnit(name, "구역", " "),
  row: (name) => withUnit(name, "열"),
  seat: (name) => withUnit(name, "번"),
  left: (count) => `잔여 ${count}석`,
  upTo: (count) => `1인 최대 ${count}매`,
  tooMany: (count) => `최대 ${count}석까지 선택할 수 있습니다.`,
  lost: (seats) => `다른 고객님이 먼저 선택한 좌석입니다: ${seats}`,
  seats: (count) => `${count}석`,
  choosePrompt: "원하는 좌석을 선택해 주세요",
  hold: "선택 완료",
  holding: "처리 중…",
  best: "자동 배정",
  bestCount: "매수",
  bestNone: (count) =>
    count === "0"
      ? "남은 좌석이 없습니다."
      : `연석은 최대 ${count}석까지 남아 있습니다. 매수를 줄여 주세요.`,
  bestHint: "나란히 붙은 좌석(연석)으로 배정합니다.",
  heldFor: "남은 결제 시간",
  heldOver: "결제 시간이 지났습니다",
  heldOverHint: "선택한 좌석이 해제되었습니다. 결제된 금액은 없습니다.",
  nothingHeld: "결제할 좌석이 없습니다.",
  giveBack: "취소",
  total: "총 결제 금액",
  balance: "내 잔액",
  missing: (amount) => `잔액이 ${amount} 부족합니다.`,
  topUp: (amount) => `${amount} 충전하기`,
  toppingUp: "충전 중…",
  topUpElsewhere: "로그인한 사이트에서 잔액을 충전한 뒤 돌아와 주세요. 그동안 좌석은 유지됩니다.",
  pay: (amount) => `${amount} 결제하기`,
  paying: "결제 중…",
  payingHint: "새로고침하거나 연결이 끊겨도 중복 결제되지 않습니다.",
  resumed: "진행 중이던 결제의 결과를 확인하고 있습니다…",
  lostNetwork: "인터넷 연결이 끊겼습니다. 연결된 뒤 다시 눌러도 중복 결제되지 않습니다.",
  doneHint:
    "입장할 때 아래 QR 코드를 보여 주세요. 다른 기기에서도 ‘내 예매’에서 확인할 수 있습니다.",
  seeTickets: "내 예매 보기",
  more: "좌석 더 선택하기",
  notAdmittedTitle: "지금은 좌석을 선택할 수 없습니다",
  notAdmitted:
    "대기 순서가 되면 선택할 수 있습니다. 이미 선택을 완료한 좌석은 지금도 결제할 수 있습니다.",
  toLine: "대기하러 가기",
  toPay: "선택한 좌석 결제하기",
  code: "입장 QR 코드",
};
