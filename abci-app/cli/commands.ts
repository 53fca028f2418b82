import type { Command } from "commander";

import type { CliContext, ToolContext } from "./options.js";

interface Named {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly description: string;
}

/** The whole command line, for the command that writes its completion. */
export type WholeProgram = (context: ToolContext) => Promise<Command>;

/** A command of the first level, whose code is loaded when it is needed. */
export type CommandEntry = Named &
  (
    | { readonly needs: "chain"; readonly load: () => Promise<(program: Command, context: CliContext) => void> }
    | {
        readonly needs: "nothing";
        readonly load: () => Promise<(program: Command, context: ToolContext, whole: WholeProgram) => void>;
      }
  );

/** All commands of the first level, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "init",
    description: "make the home folder of a node: keys, configuration, genesis file",
    needs: "chain",
    load: async () => (await import("./init.js")).addInitCommand,
  },
  {
    name: "start",
    description: "run the node: the application and, as its child, CometBFT",
    needs: "chain",
    load: async () => (await import("./start.js")).addStartCommand,
  },
  {
    name: "status",
    description: "print what a running node says of itself",
    needs: "nothing",
    load: async () => (await import("./status.js")).addStatusCommand,
  },
  {
    name: "keys",
    description: "the keys that sign transactions",
    needs: "nothing",
    load: async () => (await import("./keys/commands.js")).addKeysCommands,
  },
  {
    name: "tx",
    description: "make, sign and send transactions",
    needs: "nothing",
    load: async () => (await import("./tx/commands.js")).addTxCommands,
  },
  {
    name: "query",
    aliases: ["q"],
    description: "ask a node about the chain",
    needs: "nothing",
    load: async () => (await import("./query/commands.js")).addQueryCommands,
  },
  {
    name: "genesis",
    description: "the genesis file",
    needs: "chain",
    load: async () => (await import("./genesis.js")).addGenesisCommands,
  },
  {
    name: "comet",
    aliases: ["cometbft", "tendermint"],
    description: "what belongs to CometBFT",
    needs: "nothing",
    load: async () => (await import("./comet.js")).addCometCommands,
  },
  {
    name: "config",
    description: "read and change the settings in the home folder",
    needs: "nothing",
    load: async () => (await import("./config.js")).addConfigCommands,
  },
  {
    name: "testnet",
    description: "make a network of several validators",
    needs: "chain",
    load: async () => (await import("./testnet.js")).addTestnetCommands,
  },
  {
    name: "faucet",
    description: "give coins away over HTTP, on networks whose coins are worth nothing",
    needs: "nothing",
    load: async () => (await import("./faucet.js")).addFaucetCommand,
  },
  {
    name: "verify",
    description:
      "read all of the state and check every node, value and app hash of every kept height; the node must be stopped",
    needs: "chain",
    load: async () => (await import("./state/commands.js")).addVerifyCommand,
  },
  {
    name: "prune",
    description: "delete past heights now; the node must be stopped. `compact` then gives the room back to the disk",
    needs: "chain",
    load: async () => (await import("./state/commands.js")).addPruneCommand,
  },
  {
    name: "rollback",
    description:
      "go back by one height, CometBFT and the application together; the node must be stopped. Without --hard the last block is executed again at the next start",
    needs: "chain",
    load: async () => (await import("./state/commands.js")).addRollbackCommand,
  },
  {
    name: "backup",
    description: "copy the application's state, without free pages, while the node runs or not",
    needs: "chain",
    load: async () => (await import("./state/commands.js")).addBackupCommand,
  },
  {
    name: "compact",
    description:
      "write the state's file anew without free pages; the node must be stopped, and the disk must have room for both",
    needs: "chain",
    load: async () => (await import("./state/commands.js")).addCompactCommand,
  },
  {
    name: "export",
    description: "write the state as a genesis file, from which a chain goes on",
    needs: "chain",
    load: async () => (await import("./state/export.js")).addExportCommand,
  },
  {
    name: "in-place-testnet",
    description:
      "make a test network of one validator from a copy of a node's home folder: same state, other chain. Deletes CometBFT's blocks",
    needs: "chain",
    load: async () => (await import("./state/in-place-testnet.js")).addInPlaceTestnetCommand,
  },
  {
    name: "snapshots",
    description: "snapshots of the state, for nodes that join by state sync",
    needs: "chain",
    load: async () => (await import("./snapshots.js")).addSnapshotCommands,
  },
  {
    name: "chain-registry",
    description: "print the chain's entry for cosmos/chain-registry, or its suggestion for a wallet, as JSON",
    needs: "chain",
    load: async () => (await import("./chain-registry.js")).addChainRegistryCommand,
  },
  {
    name: "debug",
    description: "look at addresses, keys and encodings",
    needs: "nothing",
    load: async () => (await import("./debug.js")).addDebugCommands,
  },
  {
    name: "completion",
    description: "print a script that completes commands in a shell",
    needs: "nothing",
    load: async () => (await import("./completion.js")).addCompletionCommand,
  },
  {
    name: "version",
    description: "print the version",
    needs: "nothing",
    load: async () => (await import("./version.js")).addVersionCommand,
  },
];
