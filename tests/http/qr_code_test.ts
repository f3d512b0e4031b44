import { deepEqual, equal, match, ok } from "node:assert/strict";
import decodeQR from "qr/decode.js";
import { qrSvg } from "../../src/http/qr_code.ts";
import { codeExample } from "../../src/http/schemas/ticket.ts";

const PIXELS_PER_MODULE = 4;

/** Draws the rectangles of the dark path, as a browser would, and reads the picture. */
function read(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1]);
  const width = size * PIXELS_PER_MODULE;
  const data = new Uint8Array(width * width * 4).fill(255);
  const path = /<path d="([^"]*)"\/>/.exec(svg)![1]!;
  const rectangles = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)];
  equal(rectangles.map(([text]) => text).join(""), path, "nothing else is drawn");
  for (const [, x, y, length] of rectangles.map((parts) => parts.map(Number))) {
    for (let row = y! * PIXELS_PER_MODULE; row < (y! + 1) * PIXELS_PER_MODULE; row++) {
      const start = (row * width + x! * PIXELS_PER_MODULE) * 4;
      for (let pixel = 0; pixel < length! * PIXELS_PER_MODULE; pixel++) {
        data.fill(0, start + pixel * 4, start + pixel * 4 + 3);
      }
    }
  }
  return decodeQR({ width, height: width, data });
}

Deno.test("a QR code reads as its text", () => {
  for (const text of ["a", codeExample, "x".repeat(400)]) equal(read(qrSvg(text)), text);
});

Deno.test("a QR code is an SVG image with a white ground and a quiet zone of four modules", () => {
  const svg = qrSvg(codeExample);
  match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (\d+) \1"/);
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)![1]);
  match(svg, new RegExp(`<path fill="#fff" d="M0 0h${size}v${size}H0z"/>`));
  const starts = [...svg.matchAll(/M(\d+) (\d+)h\d+v1/g)].map(([, x, y]) => [Number(x), Number(y)]);
  deepEqual([Math.min(...starts.map(([x]) => x!)), Math.min(...starts.map(([, y]) => y!))], [4, 4]);
  ok(svg.length < 16_384, `${svg.length} bytes`);
});
