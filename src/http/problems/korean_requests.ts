import type { ApiFailureKind, ForbiddenReason } from "./failures.ts";
import { type ProblemWords, quotable } from "./problem_definition.ts";

const FORBIDDEN_DETAILS: Readonly<Record<ForbiddenReason, string>> = {
  SELF_CHARGE_OFF: "이 서비스에서는 직접 충전할 수 없습니다. 운영자에게 문의하세요.",
  NOT_LOOPBACK: "이 주소는 이 컴퓨터(loopback)의 이름이 아닙니다. http://localhost를 쓰세요.",
  FOREIGN_FORM: "이 양식은 해당 페이지나 ALLOWED_ORIGINS에 있는 사이트에서만 보낼 수 있습니다.",
};

/** What the problem documents about requests, credentials and dependencies say in Korean. */
export const KOREAN_REQUEST_WORDS = {
  NOT_FOUND: {
    title: "찾을 수 없습니다",
    detail: ({ missing }) =>
      missing === undefined
        ? "이 경로에는 아무것도 없습니다. 모든 경로는 GET /openapi.json에 있습니다."
        : missing === "refund"
        ? "이런 환불 작업이 없습니다."
        : "이런 웹훅이 없습니다.",
  },
  METHOD_NOT_ALLOWED: {
    title: "허용되지 않는 메서드입니다",
    detail: ({ allow }) => `이 경로에서 쓸 수 있는 메서드는 ${allow.join(", ")}입니다.`,
  },
  PAYLOAD_TOO_LARGE: {
    title: "본문이 너무 큽니다",
    detail: ({ limitBytes }) => `본문은 최대 ${limitBytes}바이트입니다.`,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    title: "지원하지 않는 형식입니다",
    detail: ({ encoded }) =>
      encoded
        ? "본문은 Content-Encoding 없이 보내야 합니다."
        : "Content-Type: application/json이나 문서에 있는 다른 형식으로 보내야 합니다.",
  },
  UNAUTHENTICATED: {
    title: "로그인이 필요합니다",
    detail: () =>
      "Authorization: Bearer <token>이 없거나, 만료되었거나, 이 경로에서 쓸 수 없습니다.",
  },
  FORBIDDEN: {
    title: "허용되지 않습니다",
    detail: ({ reason }) => FORBIDDEN_DETAILS[reason],
  },
  MALFORMED_JSON: {
    title: "JSON이 올바르지 않습니다",
    detail: ({ doubledKey, late }) =>
      late
        ? "본문이 제시간에 도착하지 않았습니다."
        : doubledKey === undefined
        ? "본문이 UTF-8로 된 JSON이 아닙니다."
        : `본문의 한 객체에 키 ${JSON.stringify(quotable(doubledKey))}가 두 번 있습니다.`,
  },
  VALIDATION_FAILED: {
    title: "올바르지 않은 값이 있습니다",
    detail: ({ errors }) => `다음 값을 고치세요: ${errors.map(({ path }) => path).join(", ")}`,
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    title: "멱등성 키가 필요합니다",
    detail: () => "Idempotency-Key 헤더에 보이는 ASCII 문자 1~255자를 보내세요.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    title: "이미 사용한 멱등성 키입니다",
    detail: () => "이 키는 다른 요청에 사용되었습니다. 새 요청에는 새 키를 쓰세요.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    title: "처리 중인 요청입니다",
    detail: () =>
      "같은 키의 첫 요청을 아직 처리하고 있습니다. 같은 요청을 다시 보내 결과를 받으세요.",
  },
  RATE_LIMITED: {
    title: "요청이 너무 많습니다",
    detail: ({ retryAfterSeconds }) => `${retryAfterSeconds}초 뒤에 다시 시도하세요.`,
  },
  DEPENDENCY_UNAVAILABLE: {
    title: "잠시 이용할 수 없습니다",
    detail: ({ retryAfterSeconds }) =>
      `내부 시스템이 응답하지 않습니다. ${retryAfterSeconds}초 뒤에 다시 시도하세요.`,
  },
  INTERNAL: {
    title: "내부 오류입니다",
    detail: () => "처리하지 못했습니다. 문의할 때 instance 값을 알려 주세요.",
  },
} satisfies { readonly [Kind in ApiFailureKind]?: ProblemWords<Kind> };
