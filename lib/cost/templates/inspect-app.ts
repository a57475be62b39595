import { isObject, type JsonObject } from '../json-object.ts';
import type { App } from './app.ts';
import { checkName } from './check-names.ts';
import { chooseNothing } from './choices.ts';
import { findCircles } from './circles.ts';
import { type Inspection, inspectValue } from './inspect-value.ts';
import { isText, type Name } from './intrinsics/intrinsic.ts';
import { textOf } from './intrinsics/texts.ts';
import type { Place } from './place.ts';
import type { Problems } from './problems.ts';
import type { Stack } from './stack.ts';
import { TemplateEvaluation } from './template-evaluation.ts';

type Graph = Map<string, Set<string>>;

/** Attributes of a resource in which CloudFormation evaluates intrinsic functions. */
const EVALUATED_ATTRIBUTES = ['Properties', 'Metadata', 'CreationPolicy', 'UpdatePolicy'] as const;

/** How many nodes of a circle a message names. */
const SHOWN_NODES = 8;

/** Checks every condition, resource and output of the stacks; whether cost ever looks at it or not. */
export function inspectApp(app: App, problems: Problems): void {
  const conditions: Graph = new Map();
  const values: Graph = new Map();
  for (const stack of app.stacks.values()) {
    const inspector = new StackInspector(app, stack, problems);
    for (const [name, value] of stack.conditions) inspector.condition(name, value, conditions);
    for (const [logicalId, resource] of stack.written) inspector.resource(logicalId, resource, values);
    for (const [name, output] of stack.outputs) inspector.output(name, output, values);
  }
  for (const circle of [...findCircles(conditions), ...findCircles(values)]) reportCircle(circle, problems);
}

function reportCircle(circle: readonly string[], problems: Problems): void {
  const [first = ''] = circle;
  const names =
    circle.length <= SHOWN_NODES ? circle : [...circle.slice(0, SHOWN_NODES), `… ${circle.length} in all …`];
  const message = `refers to itself: ${[...names, first].join(' → ')}`;
  problems.add('cyclic-reference', { at: first, message, fix: 'remove one of these references' });
}

class StackInspector {
  readonly #app: App;
  readonly #stack: Stack;
  readonly #problems: Problems;
  readonly #evaluation: TemplateEvaluation;

  constructor(app: App, stack: Stack, problems: Problems) {
    this.#app = app;
    this.#stack = stack;
    this.#problems = problems;
    this.#evaluation = new TemplateEvaluation(app, stack, chooseNothing);
  }

  condition(name: string, value: unknown, graph: Graph): void {
    const node = `${this.#stack.name}/Conditions.${name}`;
    const edges = edgesOf(graph, node);
    const inspection = this.#inspection('conditions', (named) => {
      if (named.kind === 'condition') edges.add(`${this.#stack.name}/Conditions.${named.name}`);
    });
    if (isObject(value)) inspectValue(value, root(node), inspection);
    else this.#problems.malformed(node, 'is not a condition', 'use Fn::And, Fn::Equals, Fn::Not, Fn::Or or Condition');
  }

  resource(logicalId: string, resource: JsonObject, graph: Graph): void {
    const node = `${this.#stack.name}/${logicalId}`;
    const edges = this.#isCreated(resource) ? edgesOf(graph, node) : new Set<string>();
    const inspection = this.#inspection('resources', this.#collect(edges), edges);
    for (const attribute of EVALUATED_ATTRIBUTES) {
      inspectValue(resource[attribute], { parent: root(node), step: `.${attribute}` }, inspection);
    }
    this.#namedCondition(resource, node);
    this.#dependencies(resource['DependsOn'], node, edges);
  }

  output(name: string, output: JsonObject, graph: Graph): void {
    const node = `${this.#stack.name}/Outputs.${name}`;
    const edges = edgesOf(graph, node);
    const inspection = this.#inspection('resources', this.#collect(edges), edges);
    if (!Object.hasOwn(output, 'Value')) this.#problems.malformed(node, 'has no Value', 'set the Value of the output');
    inspectValue(output['Value'], { parent: root(node), step: '.Value' }, inspection);
    inspectValue(output['Export'], { parent: root(node), step: '.Export' }, inspection);
    this.#namedCondition(output, node);
  }

  #inspection(
    section: Inspection['section'],
    dependsOn: Inspection['dependsOn'],
    edges = new Set<string>(),
  ): Inspection {
    return {
      stack: this.#stack,
      problems: this.#problems,
      section,
      dependsOn,
      isTrue: (condition) => this.#evaluation.isTrue(condition),
      readsFrom: (name, argument) => {
        for (const output of this.#outputsRead(name, argument)) edges.add(output);
      },
    };
  }

  #isCreated({ Condition: condition }: JsonObject): boolean {
    return !isText(condition) || this.#evaluation.isTrue(condition) !== false;
  }

  #collect(edges: Set<string>): (name: Name) => void {
    return (name) => {
      if (name.kind === 'value' || name.kind === 'attribute') {
        edges.add(`${this.#stack.name}/${name.kind === 'value' ? name.name : name.resource}`);
      }
    };
  }

  /** The addresses of the outputs that a function reads, as far as they are known. */
  #outputsRead(name: string, argument: unknown): readonly string[] {
    if (name === 'Fn::ImportValue') {
      const exported = textOf(this.#evaluation.resolve(argument)) ?? '';
      return this.#app.exportsNamed(exported).map(({ stack, output }) => `${stack.name}/Outputs.${output}`);
    }
    const { StackName: stack, OutputName: output } = isObject(argument) ? argument : {};
    const parts = [stack, output].map((part) => textOf(this.#evaluation.resolve(part)) ?? '');
    return [parts.join('/Outputs.')];
  }

  #namedCondition({ Condition: condition }: JsonObject, node: string): void {
    if (!isText(condition)) return;
    const check = { stack: this.#stack, section: 'resources', problems: this.#problems } as const;
    checkName({ kind: 'condition', name: condition }, `${node}.Condition`, check);
  }

  #dependencies(value: unknown, node: string, edges: Set<string>): void {
    const at = `${node}.DependsOn`;
    const names: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
    if (!names.every(isText)) {
      this.#problems.malformed(at, 'is not a list of texts', 'name resources of the template');
      return;
    }
    const check = { stack: this.#stack, section: 'resources', problems: this.#problems } as const;
    for (const name of names) {
      checkName({ kind: 'attribute', resource: name }, at, check);
      edges.add(`${this.#stack.name}/${name}`);
    }
  }
}

const root = (step: string): Place => ({ parent: undefined, step });

function edgesOf(graph: Graph, node: string): Set<string> {
  const edges = graph.get(node) ?? new Set();
  graph.set(node, edges);
  return edges;
}
