import type { ProblemCode } from "@stanchion/client";
import type { ProblemWords } from "../en/problems.ts";

const broken = {
  title: "일시적인 오류가 발생했습니다",
  wayOn: "페이지를 새로고침한 뒤 다시 시도해 주세요.",
};
const unchallenged = {
  title: "사람인지 확인이 필요합니다",
  wayOn: "줄 페이지에서 확인해 주세요.",
};
const forOperators = {
  title: "이용할 수 없는 기능입니다",
  wayOn: "주최 측에 문의해 주세요.",
};

export const problems: { readonly [Code in ProblemCode]: ProblemWords } = {
  NOT_FOUND: {
    title: "찾을 수 없는 페이지입니다",
    wayOn: "주소를 확인하거나 공연 목록에서 다시 시작해 주세요.",
  },
  METHOD_NOT_ALLOWED: broken,
  PAYLOAD_TOO_LARGE: broken,
  UNSUPPORTED_MEDIA_TYPE: broken,
  MALFORMED_JSON: broken,
  VALIDATION_FAILED: {
    title: "입력 내용을 확인해 주세요",
    wayOn: "잘못된 값을 고친 뒤 다시 시도해 주세요.",
  },
  IDEMPOTENCY_KEY_REQUIRED: broken,
  IDEMPOTENCY_KEY_REUSED: broken,
  IDEMPOTENCY_IN_PROGRESS: {
    title: "아직 처리 중입니다",
    wayOn: "잠시 후 내 예매에서 결과를 확인해 주세요.",
  },
  UNAUTHENTICATED: {
    title: "로그인이 만료되었습니다",
    wayOn: "다시 로그인해 주세요. 선택한 좌석은 그대로 유지됩니다.",
  },
  FORBIDDEN: {
    title: "이용 권한이 없습니다",
    wayOn: "다시 로그인하거나 주최 측에 문의해 주세요.",
  },
  RATE_LIMITED: { title: "요청이 너무 많습니다", wayOn: "잠시 후 다시 시도해 주세요." },
  DEPENDENCY_UNAVAILABLE: {
    title: "서버가 응답하지 않습니다",
    wayOn: "진행 중인 내용은 유지됩니다. 잠시 후 다시 시도해 주세요.",
  },
  INTERNAL: broken,
  QUEUE_TOKEN_REQUIRED: { title: "아직 대기 전입니다", wayOn: "먼저 대기를 시작해 주세요." },
  QUEUE_TOKEN_INVALID: {
    title: "대기 순서를 찾을 수 없습니다",
    wayOn: "다시 대기해 주세요.",
  },
  QUEUE_TOKEN_MISMATCH: {
    title: "다른 계정의 대기 순서입니다",
    wayOn: "지금 로그인한 계정으로 다시 대기해 주세요.",
  },
  NOT_ADMITTED: {
    title: "좌석 선택 시간이 지났습니다",
    wayOn: "더 예매하려면 다시 대기해 주세요. 선택을 완료한 좌석은 결제할 수 있습니다.",
  },
  ROOM_NOT_FOUND: {
    title: "예매 페이지를 찾을 수 없습니다",
    wayOn: "공연 목록에서 다시 시작해 주세요.",
  },
  LINE_CLOSED: {
    title: "지금은 새로 대기할 수 없습니다",
    wayOn: "나중에 다시 확인해 주세요.",
  },
  CHALLENGE_REQUIRED: unchallenged,
  CHALLENGE_FAILED: unchallenged,
  WRONG_ROOM: {
    title: "여기에서는 예매할 수 없는 공연입니다",
    wayOn: "공연 목록에서 다시 시작해 주세요.",
  },
  CONCERT_NOT_FOUND: {
    title: "예매가 종료된 공연입니다",
    wayOn: "다른 공연을 선택해 주세요.",
  },
  SCHEDULE_NOT_FOUND: {
    title: "예매가 종료된 회차입니다",
    wayOn: "다른 회차를 선택해 주세요.",
  },
  SEAT_NOT_FOUND: { title: "없는 좌석입니다", wayOn: "다른 좌석을 선택해 주세요." },
  SALE_NOT_OPEN: {
    title: "아직 예매 시작 전입니다",
    wayOn: "예매 시작 시각에 다시 들어와 주세요.",
  },
  SALE_CLOSED: { title: "예매가 마감되었습니다", wayOn: "다른 회차를 선택해 주세요." },
  SEAT_UNAVAILABLE: {
    title: "이미 선택된 좌석입니다",
    wayOn: "다른 고객님이 먼저 선택한 좌석이 있습니다. 다른 좌석을 선택해 주세요.",
  },
  SEAT_LIMIT_EXCEEDED: {
    title: "1인당 예매 가능 매수를 넘었습니다",
    wayOn: "결제 대기 중이거나 이미 예매한 좌석도 매수에 포함됩니다.",
  },
  RESERVATION_NOT_FOUND: {
    title: "선택한 좌석 내역을 찾을 수 없습니다",
    wayOn: "내 예매에서 확인해 주세요.",
  },
  RESERVATION_NOT_PAYABLE: {
    title: "결제할 수 없는 좌석이 있습니다",
    wayOn:
      "이번 결제는 이루어지지 않았습니다. 결제된 좌석은 ‘내 예매’에서 확인하고, 나머지는 다시 선택해 주세요.",
  },
  RESERVATION_NOT_CANCELLABLE: {
    title: "이미 결제된 좌석입니다",
    wayOn: "내 예매에서 취소할 수 있습니다.",
  },
  PAYMENT_NOT_FOUND: {
    title: "결제 내역을 찾을 수 없습니다",
    wayOn: "내 예매에서 확인해 주세요.",
  },
  INSUFFICIENT_BALANCE: {
    title: "잔액이 부족합니다",
    wayOn: "충전한 뒤 결제해 주세요. 그동안 좌석은 유지됩니다.",
  },
  REFUND_NOT_POSSIBLE: {
    title: "환불할 수 없습니다",
    wayOn:
      "환불 기간이 지났거나, 환불되지 않는 공연이거나, 이미 입장한 티켓입니다. 주최 측에 문의해 주세요.",
  },
  TICKET_NOT_FOUND: {
    title: "티켓을 찾을 수 없습니다",
    wayOn: "내 예매에서 확인해 주세요.",
  },
  TICKET_CODE_INVALID: forOperators,
  TICKET_OTHER_SCHEDULE: forOperators,
  TICKET_VOID: forOperators,
  ALREADY_CHECKED_IN: forOperators,
  ROOM_EXISTS: forOperators,
  ROOM_IN_USE: forOperators,
  LOBBY_WOULD_END: forOperators,
  PLACE_NOT_FOUND: forOperators,
  WITHDRAWAL_FINAL: forOperators,
  ERASURE_NOT_POSSIBLE: forOperators,
};
