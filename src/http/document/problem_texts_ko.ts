import type { ApiFailureKind } from "../problems/failures.ts";
import type { ProblemText } from "./problem_texts.ts";

/** The same explanations in Korean. */
export const PROBLEM_TEXTS_KO: { readonly [Kind in ApiFailureKind]: ProblemText } = {
  NOT_FOUND: {
    cause: "이 경로에는 아무것도 없거나, 경로가 가리키는 대상이 없습니다.",
    wayOn: "`GET /openapi.json`의 경로와 비교하세요.",
  },
  METHOD_NOT_ALLOWED: {
    cause: "경로는 있지만 이 메서드를 지원하지 않습니다.",
    wayOn: "`Allow` 헤더에 있는 메서드를 사용하세요.",
  },
  PAYLOAD_TOO_LARGE: {
    cause: "본문이 `limitBytes` 바이트를 넘습니다.",
    wayOn: "더 작게 나누어 보내세요. 예를 들어 좌석을 여러 요청으로 나눕니다.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    cause: "이 경로가 받지 않는 형식의 본문이거나, 본문에 `Content-Encoding`이 있습니다.",
    wayOn: "`Content-Type: application/json`으로, 압축 없이 보내세요.",
  },
  UNAUTHENTICATED: {
    cause:
      "Bearer 토큰이 없거나, 만료되었거나, 이 경로에서 쓸 수 없습니다. 팬의 토큰으로는 운영자 " +
      "경로를, 운영자의 토큰으로는 팬 경로를 쓸 수 없습니다.",
    wayOn: "인증 서버에서 새 토큰을 받아 다시 요청하세요.",
  },
  QUEUE_TOKEN_REQUIRED: {
    cause: "요청에 `Queue-Token` 헤더가 없습니다.",
    wayOn: "`POST /v1/queue/tokens`로 대기열에 들어가 응답의 토큰을 보내세요.",
  },
  QUEUE_TOKEN_INVALID: {
    cause: "`Queue-Token` 헤더의 값이 이 서비스가 서명한 토큰이 아닙니다.",
    wayOn: "헤더 없이 `POST /v1/queue/tokens`로 대기열에 다시 들어가세요.",
  },
  QUEUE_TOKEN_MISMATCH: {
    cause: "대기열 토큰과 Bearer 토큰이 서로 다른 팬의 것입니다.",
    wayOn: "이 팬이 받은 대기열 토큰을 보내거나, 이 팬으로 대기열에 들어가세요.",
  },
  FORBIDDEN: {
    cause: "이 배포에서는 허용되지 않는 동작입니다. 이유는 `detail`에 있습니다.",
    wayOn: "다시 요청하지 마세요. 운영자가 대신할 수 있습니다.",
  },
  MALFORMED_JSON: {
    cause:
      "본문이 UTF-8 JSON이 아니거나, 한 객체에 같은 키가 두 번 있거나, 30초 안에 도착하지 않았습니다.",
    wayOn: "본문을 고치세요.",
  },
  VALIDATION_FAILED: {
    cause: "빠졌거나, 알 수 없거나, 불가능한 값이 있습니다. `errors`에 하나씩 나와 있습니다.",
    wayOn: "해당 값을 고치세요. 같은 요청은 다시 실패합니다.",
  },
  NOT_ADMITTED: {
    cause: "아직 입장하지 않았습니다. `line`이 WAITING 또는 GONE입니다.",
    wayOn:
      "WAITING이면 `Retry-After`초 뒤에 `GET /v1/queue/tokens/me`를 호출하고, GONE이면 다시 들어가세요.",
  },
  ROOM_NOT_FOUND: {
    cause: "이 이름의 대기실이 없습니다.",
    wayOn: "공연의 대기실 이름을 쓰거나, `main`이면 생략하세요.",
  },
  ROOM_EXISTS: {
    cause: "이 이름의 대기실이 이미 있습니다.",
    wayOn: "PATCH로 바꾸거나 다른 이름을 고르세요.",
  },
  ROOM_IN_USE: {
    cause: "판매 중이거나 판매할 공연이 있거나, 대기열에 팬이 있거나, main 대기실입니다.",
    wayOn: "공연을 철회하거나 다른 대기실로 옮기고, 대기열이 빌 때까지 기다리세요.",
  },
  LOBBY_WOULD_END: {
    cause: "이 변경은 로비에 모인 모든 팬의 추첨을 시작합니다.",
    wayOn: "의도한 것이라면 `endLobby: true`와 함께 보내세요.",
  },
  PLACE_NOT_FOUND: {
    cause: "이 대기실에 그 팬의 자리가 없습니다.",
    wayOn: "할 일이 없습니다. 자리가 끝났거나 처음부터 없었습니다.",
  },
  LINE_CLOSED: {
    cause: "대기실의 현재 상태(`state`)에서는 대기열에 들어갈 수 없습니다.",
    wayOn: "`opensAt` 이후에 들어가세요. null이면 운영자가 엽니다.",
  },
  CHALLENGE_REQUIRED: {
    cause: "이 줄에 자리가 없으며, 이 줄은 사람 확인을 통과해야 새 자리를 줍니다.",
    wayOn:
      "`siteKey`와 action `join`으로 Turnstile 위젯을 보이고, 받은 토큰을 `challengeToken`으로 " +
      "보내세요.",
  },
  CHALLENGE_FAILED: {
    cause: "사람 확인을 통과하지 못했거나, 토큰이 5분이 지났거나 다른 요청에 쓰였습니다.",
    wayOn: "위젯을 초기화하고 새 토큰을 `challengeToken`으로 보내세요.",
  },
  WRONG_ROOM: {
    cause: "이 공연은 대기열 토큰의 대기실이 아닌 다른 대기실에서 판매합니다.",
    wayOn: "`room`의 대기열에 들어가세요.",
  },
  CONCERT_NOT_FOUND: {
    cause: "그런 공연이 없거나 판매 중이 아닙니다.",
    wayOn: "`GET /v1/concerts`에서 id를 확인하세요.",
  },
  SCHEDULE_NOT_FOUND: {
    cause: "공연에 그런 일정이 없거나, 아직 판매가 시작되지 않았습니다.",
    wayOn: "공연의 일정 목록에서 id를 확인하세요.",
  },
  SEAT_NOT_FOUND: {
    cause: "이 일정에 `seatIds`의 좌석이 없습니다.",
    wayOn: "일정의 좌석 목록에서 id를 확인하세요.",
  },
  RESERVATION_NOT_FOUND: {
    cause: "이 팬에게 그런 예약이 없습니다.",
    wayOn: "`GET /v1/reservations`에서 id를 확인하세요.",
  },
  PAYMENT_NOT_FOUND: {
    cause: "호출자에게 그런 결제가 없습니다.",
    wayOn: "`GET /v1/payments`에서 id를 확인하세요.",
  },
  SALE_NOT_OPEN: {
    cause: "이 일정의 판매는 `opensAt`에 시작됩니다.",
    wayOn: "그 시각 이후에 다시 요청하세요.",
  },
  SALE_CLOSED: {
    cause: "이 일정의 판매는 `closedAt`에 끝났습니다.",
    wayOn: "다른 일정을 고르세요.",
  },
  SEAT_UNAVAILABLE: {
    cause:
      "`seatIds`의 좌석은 선점되었거나 판매되었습니다. `ownReservations`는 본인의 선점입니다. " +
      "아무것도 선점되지 않았습니다.",
    wayOn: "다른 좌석을 고르거나, 본인의 선점을 결제하세요.",
  },
  SEAT_LIMIT_EXCEEDED: {
    cause: "팬 한 명은 일정마다 `limit`석까지 가능하며, 이미 `held`석이 있습니다.",
    wayOn: "더 적게 선점하거나 기존 선점을 취소하세요.",
  },
  RESERVATION_NOT_PAYABLE: {
    cause: "일부 예약이 더 이상 유효한 선점이 아닙니다. 아무것도 결제되지 않았습니다.",
    wayOn: "나머지를 결제하거나 좌석을 다시 선점하세요.",
  },
  RESERVATION_NOT_CANCELLABLE: {
    cause: "이미 결제되었거나 환불된 예약입니다.",
    wayOn: "가능한 경우 결제를 환불받으세요.",
  },
  REFUND_NOT_POSSIBLE: {
    cause: "환불 기간이 아니거나(WINDOW_CLOSED), 이미 입장한 티켓입니다(CHECKED_IN).",
    wayOn: "운영자는 환불할 수 있습니다.",
  },
  ERASURE_NOT_POSSIBLE: {
    cause: "잔액, 유효한 선점, 앞으로 열릴 일정의 티켓, 또는 받을 환불이 남아 있습니다.",
    wayOn:
      "잔액은 정정으로 지급하고, 철회된 것은 환불하고, 선점이 끝나고 일정이 지나기를 기다린 뒤 다시 요청하세요.",
  },
  WITHDRAWAL_FINAL: {
    cause: "철회된 공연이나 일정의 환불을 운영자가 이미 접수했습니다.",
    wayOn: "공연이나 일정을 새로 만드세요.",
  },
  INSUFFICIENT_BALANCE: {
    cause: "잔액은 `balance`이고, `required`가 필요합니다.",
    wayOn: "잔액을 충전하고 같은 키로 다시 요청하세요.",
  },
  TICKET_CODE_INVALID: {
    cause: "이 서비스가 서명한 코드가 아닙니다.",
    wayOn: "다시 스캔하세요. 또 실패하면 입장시키지 마세요.",
  },
  TICKET_NOT_FOUND: {
    cause: "그런 티켓이 없거나 다른 사람의 티켓입니다.",
    wayOn: "`GET /v1/tickets`에서 id를 확인하세요.",
  },
  TICKET_OTHER_SCHEDULE: {
    cause: "지금 입장하는 일정의 티켓이 아닙니다.",
    wayOn: "맞는 날짜를 안내하세요.",
  },
  TICKET_VOID: {
    cause: "환불된 티켓이거나, 공연 또는 일정이 철회되었습니다.",
    wayOn: "이 티켓으로 입장시키지 마세요.",
  },
  ALREADY_CHECKED_IN: {
    cause: "`checkedInAt`에 이미 입장한 티켓입니다.",
    wayOn: "응답을 잃어 다시 보낸 요청이 아니라면 입장시키지 마세요.",
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    cause: "`Idempotency-Key` 헤더가 없거나, 보이는 ASCII 1~255자가 아닙니다.",
    wayOn: "동작마다 UUID 같은 키를 만들고, 응답이 올 때까지 보관하세요.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    cause: "이 경로의 다른 요청에 이미 쓴 키입니다.",
    wayOn: "새 동작에는 새 키를 쓰세요.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    cause: "이 키의 첫 요청이 아직 처리 중입니다.",
    wayOn: "같은 키로 다시 요청하면 그 응답을 받습니다.",
  },
  RATE_LIMITED: {
    cause: "대기열 참여를 너무 자주 요청했거나, 같은 네트워크에서 유효하지 않은 토큰이 너무 많이 " +
      "들어왔습니다. 유효한 토큰은 같은 네트워크의 다른 요청 때문에 거부되지 않습니다.",
    wayOn: "요청의 토큰을 확인하고 `Retry-After`초 뒤에 다시 요청하세요.",
  },
  DEPENDENCY_UNAVAILABLE: {
    cause: "Redis, PostgreSQL 또는 인증 서버가 응답하지 않습니다.",
    wayOn: "`Retry-After`초 뒤에 같은 키로 다시 요청하세요. 동작이 이미 처리되었을 수 있습니다.",
  },
  INTERNAL: {
    cause: "서비스나 설정에 결함이 있습니다.",
    wayOn: "나중에 같은 키로 다시 요청하세요. 신고할 때 `instance`를 알려 주세요.",
  },
};
