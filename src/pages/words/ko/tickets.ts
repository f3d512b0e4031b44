import type { TicketsWords } from "../en/tickets.ts";

export const tickets: TicketsWords = {
  title: "내 예매",
  signedInAs: (name) => `${name} 님`,
  signOut: "로그아웃",
  heldTitle: "결제 대기 중인 좌석",
  held: (time) => `${time}까지 결제 가능`,
  pay: "결제하기",
  ticketsTitle: "티켓",
  noTickets: "예매한 티켓이 없습니다.",
  toProgramme: "공연 보기",
  paymentsTitle: "결제 내역",
  payment: { COMPLETED: "결제 완료", REFUNDED: "환불 완료" },
  paidAt: (time) => `${time} 결제`,
  refundedAt: (time) => `${time} 환불`,
  refund: "예매 취소",
  refundOf: (what) => `${what} 예매 취소`,
  sure: (amount) =>
    `예매를 취소하시겠습니까? 환불 금액은 ${amount}이며, 취소한 좌석은 되돌릴 수 없습니다.`,
  yes: "예매 취소하기",
  no: "닫기",
  refunding: "취소하는 중…",
  balance: "잔액",
  more: "더 보기",
};
