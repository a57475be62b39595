/** What one deployment chose for the parameters of the stack `app`, and its conditions as written. */
export interface Deployment {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
}

type Call = readonly [name: string, argument: unknown];

/** Substitutes from the inside out, for one deployment, without any regard to what could go wrong. */
export function evaluateNaively(value: unknown, deployment: Deployment): unknown {
  const evaluate = (part: unknown): unknown => evaluateNaively(part, deployment);
  if (Array.isArray(value)) return value.map(evaluate);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]]: readonly Call[] = entries;
  const items: readonly unknown[] = Array.isArray(argument) && name !== 'Fn::If' ? argument.map(evaluate) : [];
  const [first, second] = items;
  switch (name) {
    case 'Ref':
      return { 'AWS::Region': 'eu-west-1', Queue: '@{app/Queue}', ...deployment.parameters }[String(argument)];
    case 'Fn::GetAtt':
      return `@{app/${items.join('.')}}`;
    case 'Fn::FindInMap':
      return 'mapped';
    case 'Fn::Join':
      return (second as readonly string[]).join(String(first));
    case 'Fn::Sub': {
      const { a, b } = second as { readonly a: unknown; readonly b: unknown };
      return `<${a}|${b}|${a}|@{app/Queue}>`;
    }
    case 'Fn::Select':
      return (second as readonly unknown[])[Number(first)];
    case 'Fn::Split':
      return String(second).split(String(first));
    case 'Fn::ToJsonString':
      return JSON.stringify(evaluate(argument));
    case 'Fn::Equals':
      return String(first) === String(second);
    case 'Fn::And':
      return items.every(Boolean);
    case 'Fn::Or':
      return items.some(Boolean);
    case 'Fn::Not':
      return !first;
    case 'Condition':
      return evaluate(deployment.conditions[String(argument)]);
    case 'Fn::If': {
      const [condition, whereTrue, whereFalse] = argument as readonly unknown[];
      return evaluate(evaluate(deployment.conditions[String(condition)]) ? whereTrue : whereFalse);
    }
    default:
      return Object.fromEntries(entries.map(([key, item]) => [key, evaluate(item)]));
  }
}
