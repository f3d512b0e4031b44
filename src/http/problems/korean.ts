import type { ApiFailureKind } from "./failures.ts";
import { KOREAN_REQUEST_WORDS } from "./korean_requests.ts";
import type { ProblemWords } from "./problem_definition.ts";
import { seatInKorean } from "./seat_name.ts";

const STATUSES = {
  HELD: "결제 대기",
  PAID: "결제 완료",
  CANCELLED: "취소됨",
  EXPIRED: "선점 시간 만료",
  REFUNDED: "환불됨",
} as const;

const STATES = {
  CLOSED: "닫힘",
  LOBBY: "대기실",
  OPEN: "열림",
  HELD: "일시 정지",
  DRAINING: "마감 중",
} as const;

/** What every problem document says in Korean. */
export const KOREAN: { readonly [Kind in ApiFailureKind]: ProblemWords<Kind> } = {
  ...KOREAN_REQUEST_WORDS,
  QUEUE_TOKEN_REQUIRED: {
    title: "대기열 토큰이 필요합니다",
    detail: () => "Queue-Token 헤더가 없습니다. POST /v1/queue/tokens로 토큰을 받으세요.",
  },
  QUEUE_TOKEN_INVALID: {
    title: "대기열 토큰이 올바르지 않습니다",
    detail: () => "Queue-Token 헤더의 값은 이 서비스가 서명한 토큰이 아닙니다.",
  },
  QUEUE_TOKEN_MISMATCH: {
    title: "다른 사람의 대기열 토큰입니다",
    detail: () => "대기열 토큰과 로그인한 사람이 서로 다릅니다.",
  },
  NOT_ADMITTED: {
    title: "아직 입장할 수 없습니다",
    detail: ({ line: { pollAfterSeconds } }) =>
      pollAfterSeconds === null
        ? "줄에서 자리가 없어졌습니다. 다시 줄을 서세요."
        : `아직 차례가 아닙니다. ${pollAfterSeconds}초 뒤에 다시 확인하세요.`,
  },
  ROOM_NOT_FOUND: { title: "대기실이 없습니다", detail: () => "이 이름의 대기실이 없습니다." },
  ROOM_EXISTS: {
    title: "이미 있는 대기실입니다",
    detail: () => "이 이름의 대기실이 이미 있습니다. PATCH로 바꾸거나 다른 이름을 쓰세요.",
  },
  ROOM_IN_USE: {
    title: "사용 중인 대기실입니다",
    detail: () =>
      "판매 중이거나 판매할 공연이 있거나, 줄에 사람이 있거나, main 대기실입니다. " +
      "아무것도 바뀌지 않았습니다.",
  },
  LOBBY_WOULD_END: {
    title: "추첨 대기가 끝나게 됩니다",
    detail: ({ state, opensAt }) =>
      (opensAt === null
        ? `상태를 ${
          STATES[state]
        }(${state})(으)로 바꾸면 추첨 대기가 끝나고, 모인 사람 모두가 지금 추첨됩니다.`
        : `${opensAt}의 개시가 가까워 이미 추첨되었을 수 있습니다. 이 변경은 추첨 대기를 끝냅니다.`) +
      " 아무것도 바뀌지 않았습니다. 그래도 하려면 endLobby: true를 보내세요.",
  },
  PLACE_NOT_FOUND: {
    title: "줄에 자리가 없습니다",
    detail: () => "이 사람은 이 대기실의 줄에 없습니다.",
  },
  LINE_CLOSED: {
    title: "줄이 닫혀 있습니다",
    detail: ({ opensAt }) =>
      opensAt === null ? "지금은 이 줄에 설 수 없습니다." : `이 줄은 ${opensAt}에 열립니다.`,
  },
  CHALLENGE_REQUIRED: {
    title: "사람 확인이 필요합니다",
    detail: () => "이 줄에 서려면 사람 확인을 통과하고 그 토큰을 challengeToken으로 보내세요.",
  },
  CHALLENGE_FAILED: {
    title: "사람 확인에 실패했습니다",
    detail: () =>
      "확인을 통과하지 못했거나, 토큰이 오래되었거나 이미 쓰였습니다. 다시 확인한 뒤 새 토큰을 " +
      "challengeToken으로 보내세요.",
  },
  WRONG_ROOM: {
    title: "다른 대기실입니다",
    detail: ({ room }) =>
      `이 공연은 대기실 ${room}에서 입장한 사람만 살 수 있습니다. 그 줄에 서세요.`,
  },
  CONCERT_NOT_FOUND: { title: "공연이 없습니다", detail: () => "판매 중인 공연이 아닙니다." },
  SCHEDULE_NOT_FOUND: { title: "회차가 없습니다", detail: () => "이 공연에 없는 회차입니다." },
  SEAT_NOT_FOUND: {
    title: "좌석이 없습니다",
    detail: () => "이 회차에 없는 좌석이 있습니다. 좌석 배치도를 다시 불러오세요.",
  },
  WITHDRAWAL_FINAL: {
    title: "판매 중단을 되돌릴 수 없습니다",
    detail: () => "이미 환불이 접수되어 판매 중단을 되돌릴 수 없습니다.",
  },
  SALE_NOT_OPEN: {
    title: "판매 전입니다",
    detail: ({ opensAt }) => `이 회차는 ${opensAt}에 판매를 시작합니다.`,
  },
  SALE_CLOSED: {
    title: "판매가 끝났습니다",
    detail: ({ closedAt }) => `이 회차의 판매는 ${closedAt}에 끝났습니다.`,
  },
  SEAT_UNAVAILABLE: {
    title: "선택할 수 없는 좌석입니다",
    detail: ({ seats = [], seatsTogether }) =>
      seatsTogether === undefined
        ? `이미 선점되었거나 팔린 좌석: ${
          seats.map(seatInKorean).join(", ")
        }. 아무것도 바뀌지 않았습니다.`
        : `나란히 남은 좌석은 최대 ${seatsTogether}석입니다. 아무 좌석도 선점하지 않았습니다.`,
  },
  SEAT_LIMIT_EXCEEDED: {
    title: "좌석 수 제한을 넘었습니다",
    detail: ({ limit, held }) =>
      `한 사람이 한 회차에서 살 수 있는 좌석은 ${limit}석이며, 이미 ${held}석이 있습니다.`,
  },
  RESERVATION_NOT_FOUND: { title: "예매가 없습니다", detail: () => "이런 예매 내역이 없습니다." },
  RESERVATION_NOT_PAYABLE: {
    title: "결제할 수 없는 예매입니다",
    detail: ({ reservations }) => {
      const named = reservations.map(({ seat, status }) =>
        `${seat ? seatInKorean(seat) : "좌석"}(${STATUSES[status]})`
      );
      return `선점 중인 좌석만 결제할 수 있습니다: ${named.join(", ")}. 결제되지 않았습니다.`;
    },
  },
  RESERVATION_NOT_CANCELLABLE: {
    title: "취소할 수 없는 예매입니다",
    detail: () => "이미 결제되었거나 환불된 예매입니다.",
  },
  PAYMENT_NOT_FOUND: { title: "결제가 없습니다", detail: () => "이런 결제 내역이 없습니다." },
  INSUFFICIENT_BALANCE: {
    title: "잔액이 부족합니다",
    detail: ({ balance, required }) => `잔액은 ${balance}이고, 필요한 금액은 ${required}입니다.`,
  },
  REFUND_NOT_POSSIBLE: {
    title: "환불할 수 없습니다",
    detail: ({ reason }) =>
      reason === "CHECKED_IN"
        ? "이미 입장한 티켓입니다. 운영자는 환불할 수 있습니다."
        : "환불 기간이 아니거나 지났습니다. 운영자는 환불할 수 있습니다.",
  },
  ERASURE_NOT_POSSIBLE: {
    title: "삭제할 수 없습니다",
    detail: ({ reasons }) => `아직 이름이 필요합니다: ${reasons.join(", ")}. 삭제된 것은 없습니다.`,
  },
  TICKET_CODE_INVALID: {
    title: "티켓 코드가 올바르지 않습니다",
    detail: () => "이 서비스가 서명한 코드가 아닙니다.",
  },
  TICKET_NOT_FOUND: { title: "티켓이 없습니다", detail: () => "이런 티켓이 없습니다." },
  TICKET_OTHER_SCHEDULE: {
    title: "다른 회차의 티켓입니다",
    detail: () => "다른 공연이나 다른 회차의 티켓입니다. 입장 처리하지 않았습니다.",
  },
  TICKET_VOID: {
    title: "무효인 티켓입니다",
    detail: () => "환불되었거나 판매가 중단된 공연의 티켓입니다. 입장 처리하지 않았습니다.",
  },
  ALREADY_CHECKED_IN: {
    title: "이미 입장한 티켓입니다",
    detail: ({ checkedInAt, door }) =>
      `${checkedInAt}에 입장했습니다${door === null ? "" : ` (입구: ${door})`}.`,
  },
};
