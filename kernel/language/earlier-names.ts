import { loadTypeScript, type ts } from "./typescript.ts";

/**
 * Makes property names safe from tslab, which turns names of earlier cells into `exports.name`:
 * it overlooks the value in `{ name }`, and takes `name` in `{ name: x } = …` for a variable.
 */
export function earlierNames(
  program: ts.Program,
  declarations: ts.SourceFile | undefined,
): ts.TransformerFactory<ts.SourceFile> {
  const typescript = loadTypeScript();
  const checker = program.getTypeChecker();
  const isEarlier = (symbol: ts.Symbol | undefined): boolean =>
    symbol?.declarations?.some((each) => each.getSourceFile() === declarations) ?? false;
  return (context) => {
    const { factory } = context;
    // A new identifier has no symbol, so that tslab leaves it alone.
    const plain = <Name extends ts.PropertyName>(name: Name): Name | ts.Identifier =>
      typescript.isIdentifier(name) ? factory.createIdentifier(name.text) : name;
    const expand = (node: ts.ShorthandPropertyAssignment): ts.Node => {
      const { name, objectAssignmentInitializer: fallback } = node;
      const value = factory.createPropertyAccessExpression(
        factory.createIdentifier("exports"),
        factory.createIdentifier(name.text),
      );
      const initializer =
        fallback === undefined
          ? value
          : factory.createAssignment(value, typescript.visitNode(fallback, visit) as ts.Expression);
      return factory.createPropertyAssignment(factory.createIdentifier(name.text), initializer);
    };
    const visit = (node: ts.Node): ts.Node => {
      if (
        typescript.isShorthandPropertyAssignment(node) &&
        isEarlier(checker.getShorthandAssignmentValueSymbol(node))
      ) {
        return expand(node);
      }
      const visited = typescript.visitEachChild(node, visit, context);
      if (typescript.isBindingElement(visited) && visited.propertyName) {
        const { dotDotDotToken, propertyName, name, initializer } = visited;
        return factory.updateBindingElement(
          visited,
          dotDotDotToken,
          plain(propertyName),
          name,
          initializer,
        );
      }
      return typescript.isPropertyAssignment(visited)
        ? factory.updatePropertyAssignment(visited, plain(visited.name), visited.initializer)
        : visited;
    };
    return (file) => typescript.visitEachChild(file, visit, context);
  };
}
