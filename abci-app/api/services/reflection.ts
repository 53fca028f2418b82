import type { DescService } from "@bufbuild/protobuf";
import type { ReflectionService as InterfaceReflection } from "@computronium/proto/cosmos/base/reflection/v1beta1/reflection_pb.js";
import type { ReflectionService as ChainReflection } from "@computronium/proto/cosmos/base/reflection/v2alpha1/reflection_pb.js";
import type { ReflectionService as FileReflection } from "@computronium/proto/cosmos/reflection/v1/reflection_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";

import { descriptorFiles, implementersOf, interfaceNames, MSG_INTERFACE } from "../../../core/codec/registry.js";
import type { ServiceMethods } from "../../../core/runtime/router.js";
import { invalidArgument } from "../../../core/runtime/status.js";
import type { NodeEnvironment } from "./environment.js";
import type { NodeServer } from "./registration.js";

/** cosmos.base.reflection.v1beta1: the interfaces of `Any` fields and what implements them. */
export const interfaceReflection: NodeServer<ServiceMethods<typeof InterfaceReflection>> = {
  listAllInterfaces: () => ({ interfaceNames: [...interfaceNames()] }),
  listImplementations({ interfaceName }) {
    if (interfaceName === "") throw invalidArgument("invalid interface name");
    return { implementationMessageNames: [...implementersOf(interfaceName).keys()] };
  },
};

/** cosmos.reflection.v1: descriptors of all files, for clients that are made at run time. */
export const fileReflection: NodeServer<ServiceMethods<typeof FileReflection>> = {
  fileDescriptors: () => ({ files: descriptorFiles().map(({ proto }) => proto) }),
};

/** How transactions may be signed. */
const SIGN_MODES = { SIGN_MODE_DIRECT: SignMode.DIRECT, SIGN_MODE_LEGACY_AMINO_JSON: SignMode.LEGACY_AMINO_JSON };

/** cosmos.base.reflection.v2alpha1, after cosmos-sdk 0.53 server/grpc/reflection/v2alpha1. */
export function chainReflection(
  env: NodeEnvironment,
  services: () => readonly DescService[],
): NodeServer<ServiceMethods<typeof ChainReflection>> {
  return {
    getAuthnDescriptor: () => ({
      authn: { signModes: Object.entries(SIGN_MODES).map(([name, number]) => ({ name, number })) },
    }),
    getChainDescriptor: (_request, { height }) => ({ chain: { id: env.committed.blockAt(Number(height)).chainId } }),
    getCodecDescriptor: () => ({
      codec: {
        interfaces: interfaceNames().map((fullname) => ({
          fullname,
          interfaceImplementers: [...implementersOf(fullname)].map(([typeUrl, { typeName }]) => ({
            fullname: typeName,
            typeUrl,
          })),
        })),
      },
    }),
    getConfigurationDescriptor: () => ({ config: { bech32AccountAddressPrefix: env.addresses.prefix } }),
    getQueryServicesDescriptor: () => ({
      queries: {
        queryServices: services().map((service) => ({
          fullname: service.typeName,
          isModule: env.moduleServices.includes(service),
          methods: service.methods.map(({ name }) => ({ name, fullQueryPath: `/${service.typeName}/${name}` })),
        })),
      },
    }),
    getTxDescriptor: () => ({
      tx: {
        fullname: "cosmos.tx.v1beta1.Tx",
        msgs: [...implementersOf(MSG_INTERFACE).keys()].map((msgTypeUrl) => ({ msgTypeUrl })),
      },
    }),
  };
}
