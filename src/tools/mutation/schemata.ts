import ts from "typescript";
import { type Change, type Mutant, type Patch, SWITCH } from "./mutant.ts";
import { changesOf, isAssignment } from "./operators.ts";
import type { TypeFilter } from "./type_filter.ts";

/** A module with all its mutants, each behind its switch. */
export interface MutatedModule {
  readonly code: string;
  readonly mutants: readonly Mutant[];
  /** The module with one of them in place, without switches. */
  withMutant(mutant: Mutant): string;
}

/** Mutants get the ids from `firstId` on. Imports are of the unchanged modules beside the file. */
export function mutatedModule(
  source: ts.SourceFile,
  file: string,
  firstId: number,
  types: TypeFilter,
): MutatedModule {
  const mutants: Mutant[] = [];
  const patches: Patch[] = [];
  const lines = source.text.split("\n");
  /** How often a change of a line has this name: explanations need names of their own. */
  const named = new Map<string, number>();

  function added(node: ts.Node, { to, mutation }: Change, patch: Patch): string {
    const id = firstId + mutants.length;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line;
    const text = lines[line]!.trim();
    const name = mutation ?? `${onOneLine(node.getText())} → ${onOneLine(to)}`;
    const key = `${name} in ${text}`;
    const number = (named.get(key) ?? 0) + 1;
    named.set(key, number);
    patches.push(patch);
    mutants.push({
      ...{ id, file, line: line + 1, text },
      mutation: number === 1 ? name : `${name} #${number}`,
      isConstant: ts.findAncestor(node, ts.isFunctionLike) === undefined,
    });
    return `${SWITCH}(${id})`;
  }

  /** The text of the node, with the switches of the mutants in it. */
  function emit(node: ts.Node): string {
    if (ts.isTypeNode(node) || isDeclarationOfTypes(node)) return node.getText();
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return absolute(node);
    if (ts.isBlock(node)) return emitBlock(node);
    if (isRemovable(node)) {
      const change = { to: "", mutation: `without ${onOneLine(node.getText())}` };
      const on = added(node, change, patchOf(node, "{}"));
      return `{ if (!${on}) ${emitChildren(node)} }`;
    }
    if (!ts.isExpression(node) || !isReplaceable(node)) return emitChildren(node);
    const changes = changesOf(node, types);
    const branches = changes.map((change) => {
      const on = added(node, change, patchOf(node, `(${change.to})`));
      return `${on} ? (${change.to}) : `;
    });
    const text = emitChildren(node);
    return branches.length === 0 ? text : `(${branches.join("")}${text})`;
  }

  /** A function that returns nothing may return at once. */
  function emitBlock(body: ts.Block): string {
    const text = emitChildren(body);
    const isBody = ts.isFunctionLike(body.parent) && body.statements.length > 1;
    if (!isBody || !types.returnsNothing(body.parent)) return text;
    const start = body.getStart() + 1;
    const change = { to: "", mutation: "return at once" };
    const on = added(body, change, { start, end: start, text: " return;" });
    return `{ if (${on}) return; ${text.slice(1)}`;
  }

  function emitChildren(node: ts.Node): string {
    let [text, at] = ["", node.getStart()];
    const skipped = untouched(node);
    node.forEachChild((child) => {
      text += source.text.slice(at, child.getStart());
      text += skipped.includes(child) ? child.getText() : emit(child);
      at = child.end;
    });
    return text + source.text.slice(at, node.end);
  }

  const urlOf = (from: string) => new URL(from, `file://${source.fileName}`).href;

  function absolute(node: ts.ImportDeclaration | ts.ExportDeclaration): string {
    const from = node.moduleSpecifier;
    if (!from || !ts.isStringLiteral(from) || !from.text.startsWith(".")) return node.getText();
    const before = source.text.slice(node.getStart(), from.getStart());
    return `${before}${JSON.stringify(urlOf(from.text))};`;
  }

  return {
    code: emitChildren(source),
    mutants,
    withMutant({ id }) {
      const { start, end, text } = patches[id - firstId]!;
      const changed = `${source.text.slice(0, start)}${text}${source.text.slice(end)}`;
      return changed.replaceAll(
        /^((?:import|export)\b[^;"]*? from )"(\.[^"]+)"/gm,
        (_, before: string, from: string) => `${before}${JSON.stringify(urlOf(from))}`,
      );
    },
  };
}

function patchOf(node: ts.Node, text: string): Patch {
  return { start: node.getStart(), end: node.end, text };
}

function onOneLine(text: string): string {
  const short = text.replaceAll(/\s+/g, " ");
  return short.length <= 100 ? short : `${short.slice(0, 97)}...`;
}

function isDeclarationOfTypes(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ||
    ts.isTypeParameterDeclaration(node);
}

/** Statements without which the rest of the function is still a program. */
function isRemovable(node: ts.Node): node is ts.Statement {
  if (ts.isExpressionStatement(node)) {
    return !/^(?:super\b|["'])/.test(node.getText());
  }
  return ts.isThrowStatement(node) || ts.isContinueStatement(node) ||
    ts.isBreakStatement(node) && !ts.isCaseOrDefaultClause(node.parent) ||
    ts.isReturnStatement(node) && node.expression === undefined;
}

/** Whether a conditional expression can take the place of this one. */
function isReplaceable(node: ts.Expression): boolean {
  const { parent } = node;
  // A value of its own has another meaning there: the chain ends, `this` is lost.
  const isInChain = ts.isOptionalChain(parent) && ts.isOptionalChain(node) &&
    parent.expression === node;
  const isInStatement = ts.isExpressionStatement(parent) && !isMutatedStatement(node);
  return !isInChain && !isInStatement && !isName(node);
}

/** A statement that changes a variable has mutants beside its removal. */
function isMutatedStatement(node: ts.Expression): boolean {
  return ts.isBinaryExpression(node) || ts.isPrefixUnaryExpression(node) ||
    ts.isPostfixUnaryExpression(node) || ts.isOptionalChain(node);
}

/** A literal that is a name: of a property or of a module. */
function isName(node: ts.Expression): boolean {
  const { parent } = node;
  return "name" in parent && parent.name === node || ts.isLiteralTypeNode(parent) ||
    ts.isExpressionWithTypeArguments(node);
}

/** Children whose text stays: what is assigned to, and heads of tagged templates. */
function untouched(node: ts.Node): ts.Node[] {
  if (isAssignment(node)) return [node.left];
  const counts = ts.isPostfixUnaryExpression(node) ||
    ts.isPrefixUnaryExpression(node) && /^(?:\+\+|--)/.test(node.getText());
  if (counts) return [node.operand];
  return ts.isTaggedTemplateExpression(node) ? [node.template] : [];
}
