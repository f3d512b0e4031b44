import encodeQR from "qr";

/** Around the code, in modules. Readers need 4 (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** The QR code of a text as an SVG image, black on white also where the page is dark. */
export function qrSvg(text: string): string {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET_ZONE });
  const size = rows.length;
  const path = rows.map((row, y) => darkRuns(row, y)).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" ` +
    `shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/>` +
    `<path d="${path}"/></svg>`;
}

/** The dark modules of one row, as rectangles of an SVG path. */
function darkRuns(row: readonly boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x++;
    path += `M${start} ${y}h${x + 1 - start}v1H${start}z`;
  }
  return path;
}
