export const challenge = {
  title: "Are you a person?",
  why: "This line asks everybody once. Then you get your place.",
  again: "That didn’t work. Please do it once more.",
  waiting: "The ticket office doesn’t answer right now. This page asks again by itself.",
  blocked: "The check can’t be shown. Please allow it in your browser, then load this page again.",
};
export type ChallengeWords = typeof challenge;
