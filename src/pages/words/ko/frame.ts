import type { FrameWords } from "../en/frame.ts";

export const frame: FrameWords = {
  skip: "본문으로 바로가기",
  programme: "공연",
  tickets: "내 예매",
  otherLanguage: "English",
  dark: "어두운 화면",
  light: "밝은 화면",
  docs: "API 문서",
  signInTitle: "로그인",
  signInHint: "시험용으로 실행 중입니다. 이름만 입력하면 로그인됩니다.",
  name: "이름",
  signIn: "로그인",
  signedInAs: (name) => `${name} 님`,
  signOut: "로그아웃",
  notSignedIn: "로그인이 필요합니다",
  notSignedInHint: "이용하시던 사이트로 돌아가 로그인해 주세요. 로그인하면 이 페이지로 돌아옵니다.",
  backTo: (site) => `${site}(으)로 돌아가기`,
  tryAgain: "다시 시도",
  unreachable: "서버에 연결할 수 없습니다. 인터넷 연결을 확인해 주세요.",
  goOn: "자동으로 다시 연결합니다. 진행 중인 내용은 사라지지 않습니다.",
  loading: "잠시만 기다려 주세요…",
};
