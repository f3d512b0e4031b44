/** What tells a fan who looks elsewhere that the turn has come. */
let audio: AudioContext | null = null;

/** Browsers allow a sound after a click alone: this is called in one. */
export function allowSound(): void {
  audio ??= new AudioContext();
  void audio.resume();
  chime(0.04);
}

export function isSoundAllowed(): boolean {
  return audio !== null;
}

/** Two rising tones. */
function chime(volume: number): void {
  if (!audio) return;
  for (const [index, hertz] of [523, 784].entries()) {
    const start = audio.currentTime + index * 0.22;
    const tone = new OscillatorNode(audio, { frequency: hertz, type: "triangle" });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.65);
  }
}

export function alarm(): void {
  chime(0.3);
  // Without a tap on the page, the browser would refuse it, and say so in the console.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200, 100, 400]);
}
