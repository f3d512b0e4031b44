import ts from "typescript";

/** Of changed literals, which the type checker would take: what it refuses never runs. */
export interface TypeFilter {
  allows(literal: ts.Expression, other: string | number | boolean): boolean;
  /** Whether an array may be empty here. */
  allowsEmpty(array: ts.ArrayLiteralExpression): boolean;
  isText(expression: ts.Expression): boolean;
  /** Whether the function's value is used by nobody. */
  returnsNothing(body: ts.SignatureDeclaration): boolean;
}

const OPTIONS: ts.CompilerOptions = {
  allowImportingTsExtensions: true,
  exactOptionalPropertyTypes: true,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  noUncheckedIndexedAccess: true,
  strict: true,
  target: ts.ScriptTarget.ESNext,
};

export function createProgram(files: readonly string[]): ts.Program {
  return ts.createProgram([...files], OPTIONS);
}

export function createTypeFilter(checker: ts.TypeChecker): TypeFilter {
  function typeOf(value: string | number | boolean): ts.Type {
    if (typeof value === "string") return checker.getStringLiteralType(value);
    if (typeof value === "number") return checker.getNumberLiteralType(value);
    return value ? checker.getTrueType() : checker.getFalseType();
  }
  const filter: TypeFilter = {
    allows(literal, other) {
      if (isPartOfType(literal)) return false;
      const expected = expectedType(checker, literal);
      return expected === null || checker.isTypeAssignableTo(typeOf(other), expected);
    },
    allowsEmpty(array) {
      if (isPartOfType(array)) return false;
      const expected = expectedType(checker, array);
      return expected === null || !checker.isTupleType(expected);
    },
    isText: (expression) =>
      (checker.getTypeAtLocation(expression).flags & ts.TypeFlags.StringLike) !== 0,
    returnsNothing(declaration) {
      const signature = checker.getSignatureFromDeclaration(declaration);
      if (!signature) return false;
      return /^(?:void|Promise<void>)$/.test(checker.typeToString(signature.getReturnType()));
    },
  };
  return filter;
}

/** A member of a constant whose type is made of it: another value is another type. */
function isPartOfType(node: ts.Expression): boolean {
  let outer: ts.Node = node.parent;
  while (
    ts.isArrayLiteralExpression(outer) || ts.isObjectLiteralExpression(outer) ||
    ts.isPropertyAssignment(outer)
  ) outer = outer.parent;
  return ts.isAsExpression(outer) && ts.isConstTypeReference(outer.type);
}

/** The type that the place of an expression demands; null for any. */
function expectedType(checker: ts.TypeChecker, node: ts.Expression): ts.Type | null {
  const { parent } = node;
  if (ts.isAsExpression(parent)) return null;
  if (ts.isCaseClause(parent)) return checker.getTypeAtLocation(parent.parent.parent.expression);
  if (ts.isBinaryExpression(parent) && /^[=!]==$/.test(parent.operatorToken.getText())) {
    return checker.getTypeAtLocation(parent.left === node ? parent.right : parent.left);
  }
  const type = checker.getContextualType(node);
  return type && (type.flags & ts.TypeFlags.TypeParameter) === 0 ? type : null;
}
