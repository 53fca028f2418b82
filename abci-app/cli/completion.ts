import type { Command } from "commander";
import { Argument } from "commander";

import type { WholeProgram } from "./commands.js";
import type { ToolContext } from "./options.js";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** A command's path, `tx bank send`, and the words that may follow. */
interface Entry {
  readonly path: string;
  readonly words: readonly string[];
}

export function addCompletionCommand(program: Command, context: ToolContext, whole: WholeProgram): void {
  program
    .command("completion")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .description("print a script that completes commands in a shell")
    .addHelpText(
      "after",
      "\nExamples:\n  source <(computroniumd completion bash)\n  computroniumd completion zsh > ~/.zfunc/_computroniumd\n" +
        "  computroniumd completion fish > ~/.config/fish/completions/computroniumd.fish",
    )
    .action(async (shell: Shell) => {
      const all = entries(await whole(context), []);
      context.out({ bash: bashScript, zsh: zshScript, fish: fishScript }[shell](all));
    });
}

function entries(command: Command, path: readonly string[]): readonly Entry[] {
  const subcommands = command.commands.flatMap((sub) => [sub.name(), ...sub.aliases()]);
  const flags = command.options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
  const own: Entry = { path: path.join(" "), words: [...subcommands, ...flags, "--help"] };
  const below = command.commands.flatMap((sub) =>
    [sub.name(), ...sub.aliases()].flatMap((name) => entries(sub, [...path, name])),
  );
  return [own, ...below];
}

/** A `case` over the path, which every POSIX-like shell has. */
function cases(all: readonly Entry[]): string {
  return all.map(({ path, words }) => `    "${path}") words="${words.join(" ")}" ;;`).join("\n");
}

function paths(all: readonly Entry[]): string {
  return all.map(({ path }) => `"${path}"`).join("|");
}

/** Walks over the words before the cursor as long as they name commands. */
function walk(all: readonly Entry[], words: string): string {
  return `  local path="" next word words=""
  for word in ${words}; do
    next="\${path:+$path }$word"
    case "$next" in
      ${paths(all)}) path="$next" ;;
    esac
  done
  case "$path" in
${cases(all)}
  esac`;
}

function bashScript(all: readonly Entry[]): string {
  return `# bash completion of computroniumd
_computroniumd() {
${walk(all, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _computroniumd computroniumd`;
}

function zshScript(all: readonly Entry[]): string {
  return `#compdef computroniumd
_computroniumd() {
${walk(all, '"${(@)words_typed}"').replace("  local path", "  local -a words_typed\n  words_typed=(${=BUFFER})\n  shift words_typed\n  local path").replace('words=""', 'words=""')}
  compadd -- \${=words}
}
compdef _computroniumd computroniumd`;
}

function fishScript(all: readonly Entry[]): string {
  const lines = all.flatMap(({ path, words }) => {
    const condition = `__computroniumd_at '${path}'`;
    return [`complete -c computroniumd -f -n "${condition}" -a "${words.join(" ")}"`];
  });
  const known = all.map(({ path }) => `'${path}'`).join(" ");
  return `# fish completion of computroniumd
function __computroniumd_at
  set -l path ""
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$path $word")
    if contains -- "$next" ${known}
      set path "$next"
    end
  end
  test "$path" = "$argv[1]"
end
${lines.join("\n")}`;
}
