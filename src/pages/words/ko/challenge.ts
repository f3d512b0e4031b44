import type { ChallengeWords } from "../en/challenge.ts";

export const challenge: ChallengeWords = {
  title: "사람이신가요?",
  why: "이 줄은 모두에게 한 번씩 확인합니다. 확인하면 바로 자리를 받습니다.",
  again: "확인하지 못했습니다. 한 번 더 해 주세요.",
  waiting: "지금 매표소가 응답하지 않습니다. 이 페이지가 자동으로 다시 시도합니다.",
  blocked: "확인 창을 띄울 수 없습니다. 브라우저에서 허용한 뒤 페이지를 새로 고쳐 주세요.",
};
