/** What the names of a template stand for. A list repeats its section; nothing and false omit it. */
export interface TemplateValues {
  readonly [name: string]: string | number | boolean | null | undefined | readonly TemplateValues[];
}

/** `{{#name}}…{{/name}}`, or `{{name}}`. */
const PART = /\{\{#(\w+)\}\}(.*?)\{\{\/\1\}\}|\{\{(\w+)\}\}/gs;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The template with its values, which become texts of HTML. */
export function filled(template: string, values: TemplateValues): string {
  return template.replace(PART, (_, section: string | undefined, inner: string, name: string) => {
    if (section === undefined) {
      return String(values[name] ?? "").replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);
    }
    const value = values[section];
    const items = Array.isArray(value) ? value : value ? [{}] : [];
    return items.map((item) => filled(inner, { ...values, ...item })).join("");
  });
}
