/** The file of a page in the folder of assets: `pages/en/line.html`. */
export function shellFile(page: string, language: string): string {
  return `pages/${language}/${page}.html`;
}
