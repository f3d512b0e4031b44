import ts from "typescript";
import type { Change } from "./mutant.ts";
import type { TypeFilter } from "./type_filter.ts";

const { SyntaxKind: Kind } = ts;

/** The operators that take the place of another one. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "**": ["*"],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "&": ["|"],
  "|": ["&"],
  "^": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
  ">>>": [">>"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
  "??=": ["&&="],
  "||=": ["&&="],
  "&&=": ["||="],
};
const NEGATIONS = new Set(["<>=", "<=>", "><=", ">=<", "===!==", "!====="]);
/** Methods and functions of the language that take the place of another one. */
const OTHER_CALLS = new Map([
  ["min", "max"],
  ["max", "min"],
  ["floor", "ceil"],
  ["ceil", "floor"],
  ["some", "every"],
  ["every", "some"],
  ["startsWith", "endsWith"],
  ["endsWith", "startsWith"],
]);

/** What the operators make of this expression. */
export function changesOf(node: ts.Expression, types: TypeFilter): Change[] {
  const changes = isCondition(node) ? conditionChanges(node) : [];
  if (ts.isBinaryExpression(node)) changes.push(...binaryChanges(node, types));
  else if (ts.isPrefixUnaryExpression(node)) changes.push(...prefixChanges(node));
  else if (ts.isPostfixUnaryExpression(node)) {
    const operand = node.operand.getText();
    changes.push({ to: `${operand}${node.operator === Kind.PlusPlusToken ? "--" : "++"}` });
  } else if (ts.isCallExpression(node)) changes.push(...callChanges(node));
  else changes.push(...literalChanges(node, types));
  if (ts.isOptionalChain(node)) changes.push(...chainChanges(node));
  return changes;
}

/** Whether the expression alone decides a branch. */
function isCondition(node: ts.Expression): boolean {
  const { parent } = node;
  return (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
    ? parent.expression === node
    : (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) &&
      parent.condition === node;
}

/** Both constants: together they find more than the negation does. */
function conditionChanges(node: ts.Expression): Change[] {
  if (node.kind === Kind.TrueKeyword) return [];
  const isLoop = !ts.isIfStatement(node.parent) && !ts.isConditionalExpression(node.parent);
  return isLoop ? [{ to: "false" }] : [{ to: "true" }, { to: "false" }];
}

function binaryChanges(node: ts.BinaryExpression, types: TypeFilter): Change[] {
  const operator = node.operatorToken.getText();
  if (operator === "+" && types.isText(node)) return [];
  const [left, right] = [node.left.getText(), node.right.getText()];
  return (OTHERS[operator] ?? [])
    .filter((other) => !(isCondition(node) && NEGATIONS.has(`${operator}${other}`)))
    .map((other) => ({
      // The other operator may bind more or less.
      to: isAssignment(node) ? `${left} ${other} ${right}` : `(${left}) ${other} (${right})`,
      mutation: `${left} ${operator} ${right} → ${other}`,
    }));
}

export function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= Kind.FirstAssignment &&
    node.operatorToken.kind <= Kind.LastAssignment;
}

function prefixChanges(node: ts.PrefixUnaryExpression): Change[] {
  const { operator, operand } = node;
  const text = operand.getText();
  if (operator === Kind.ExclamationToken && isCondition(node)) return [];
  if (operator === Kind.PlusPlusToken) return [{ to: `--${text}` }];
  if (operator === Kind.MinusMinusToken) return [{ to: `++${text}` }];
  // All that is left: !x, -x, +x and ~x.
  return [{ to: text }];
}

function callChanges(node: ts.CallExpression): Change[] {
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { name } = node.expression;
  const other = OTHER_CALLS.get(name.text);
  if (other === undefined) return [];
  const [text, at] = [node.getText(), name.getStart() - node.getStart()];
  const to = `${text.slice(0, at)}${other}${text.slice(at + name.text.length)}`;
  return [{ to, mutation: `${name.text}() → ${other}()` }];
}

function literalChanges(node: ts.Expression, types: TypeFilter): Change[] {
  if (node.kind === Kind.TrueKeyword) return types.allows(node, false) ? [{ to: "false" }] : [];
  if (node.kind === Kind.FalseKeyword) return types.allows(node, true) ? [{ to: "true" }] : [];
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text);
    return [value + 1, value - 1].filter((other) => types.allows(node, other))
      .map((other) => ({ to: `${other}` }));
  }
  if (isText(node)) {
    const isEmpty = ts.isStringLiteralLike(node) && node.text === "";
    const other = isEmpty ? "mutated" : "";
    return types.allows(node, other) ? [{ to: JSON.stringify(other) }] : [];
  }
  return ts.isArrayLiteralExpression(node) && node.elements.length > 0 && types.allowsEmpty(node)
    ? [{ to: "[]" }]
    : [];
}

/** A text that a program acts on; not the words of an error, which people read. */
function isText(node: ts.Expression): boolean {
  const isLiteral = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  const { parent } = node;
  const isOfError = ts.isNewExpression(parent) && /Error$/.test(parent.expression.getText()) ||
    ts.isCallExpression(parent) && parent.expression.kind === Kind.SuperKeyword;
  return isLiteral && !isOfError && !ts.isTaggedTemplateExpression(parent);
}

/** Each `?.` of the chain without the question. */
function chainChanges(chain: ts.Expression): Change[] {
  const [text, from] = [chain.getText(), chain.getStart()];
  const changes: Change[] = [];
  let link: ts.Node = chain;
  while (ts.isOptionalChain(link)) {
    const token = (link as ts.PropertyAccessChain).questionDotToken;
    if (token) {
      const [at, end] = [token.getStart() - from, token.end - from];
      const dot = ts.isPropertyAccessExpression(link) ? "." : "";
      changes.push({ to: `${text.slice(0, at)}${dot}${text.slice(end)}` });
    }
    link = link.expression;
  }
  return changes;
}
