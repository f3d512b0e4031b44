export const frame = {
  skip: "Skip to the content",
  programme: "What’s on",
  tickets: "My tickets",
  otherLanguage: "한국어",
  dark: "Dark theme",
  light: "Light theme",
  docs: "API reference",
  signInTitle: "Sign in",
  signInHint: "This is a trial run on one machine: any name signs you in.",
  name: "Your name",
  signIn: "Sign in",
  signedInAs: (name: string) => `Signed in as ${name}`,
  signOut: "Sign out",
  notSignedIn: "You are not signed in",
  notSignedInHint:
    "Go back to the site that sent you here and sign in there. It brings you back to this page.",
  backTo: (site: string) => `Back to ${site}`,
  tryAgain: "Try again",
  unreachable: "We can’t reach the ticket office. Check your connection.",
  goOn: "Trying again by itself. Nothing is lost.",
  loading: "One moment…",
};
export type FrameWords = typeof frame;
