type Act = (context: Deno.TestContext) => void | Promise<void>;
type Hook = () => unknown;

interface FileHooks {
  readonly beforeAll: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
  readonly afterAll: Hook[];
  begun: boolean;
}

interface CollectedTest {
  readonly file: string;
  readonly name: string;
  readonly act: Act;
  readonly hooks: FileHooks;
}

/** The tests of this process. They are run by number, as often as needed. */
export interface CollectedTests {
  readonly all: readonly CollectedTest[];
  load(file: string): Promise<void>;
  /** Runs the hooks before the first test of its file. */
  prepare(index: number): Promise<void>;
  run(index: number): Promise<void>;
  /** Runs the hooks after the last test of each file. */
  close(): Promise<void>;
}

/** Takes the place of `Deno.test`. */
export function collectTests(): CollectedTests {
  const all: CollectedTest[] = [];
  const opened: FileHooks[] = [];
  let [file, hooks] = ["", noHooks()];

  function test(first: unknown, second?: unknown, third?: unknown): void {
    const { name, fn, ignore } = definition([first, second, third]);
    if (!ignore) all.push({ file, name, act: fn, hooks });
  }
  const hookInto = (kind: Exclude<keyof FileHooks, "begun">) => (hook: Hook) =>
    void hooks[kind].push(hook);
  Object.defineProperty(Deno, "test", {
    value: Object.assign(test, {
      ignore: () => {},
      beforeAll: hookInto("beforeAll"),
      beforeEach: hookInto("beforeEach"),
      afterEach: hookInto("afterEach"),
      afterAll: hookInto("afterAll"),
    }),
  });

  return {
    all,
    async load(path) {
      [file, hooks] = [path, noHooks()];
      opened.push(hooks);
      await import(path);
    },
    async prepare(index) {
      const { hooks } = all[index]!;
      if (hooks.begun) return;
      hooks.begun = true;
      for (const hook of hooks.beforeAll) await hook();
    },
    async run(index) {
      const { act, hooks, name } = all[index]!;
      for (const hook of hooks.beforeEach) await hook();
      try {
        await act(contextOf(name));
      } finally {
        for (const hook of hooks.afterEach) await hook();
      }
    },
    async close() {
      for (const { begun, afterAll } of opened) {
        if (begun) { for (const hook of afterAll) await hook(); }
      }
    },
  };
}

function noHooks(): FileHooks {
  return { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [], begun: false };
}

/** The forms of `Deno.test` that take a name, options and a function. */
function definition(args: readonly unknown[]): { name: string; fn: Act; ignore: boolean } {
  const fn = args.find((each) => typeof each === "function") as Act | undefined;
  const options = args.find((each) => typeof each === "object" && each !== null) as
    | Partial<Deno.TestDefinition>
    | undefined;
  const act = fn ?? options?.fn;
  if (!act) throw new TypeError("a test without a function");
  const name = typeof args[0] === "string" ? args[0] : options?.name ?? act.name;
  return { name, fn: act, ignore: options?.ignore ?? false };
}

function contextOf(name: string): Deno.TestContext {
  const context = {
    name,
    origin: "",
    async step(first: unknown, second?: unknown): Promise<boolean> {
      const step = definition([first, second]);
      if (!step.ignore) await step.fn(contextOf(step.name));
      return !step.ignore;
    },
  };
  return context as Deno.TestContext;
}
