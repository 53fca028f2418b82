import type { DescExtension, DescFile, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { ServerReflection as ReflectionV1 } from "@computronium/proto/grpc/reflection/v1/reflection_pb.js";
import {
  ServerReflectionRequestSchema,
  ServerReflectionResponseSchema,
} from "@computronium/proto/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection as ReflectionV1Alpha } from "@computronium/proto/grpc/reflection/v1alpha/reflection_pb.js";
import type { Server, ServerDuplexStream, ServiceDefinition } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";

import { create, FileDescriptorProtoSchema, fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import { descriptorFiles } from "../../../core/codec/registry.js";

type Request = MessageShape<typeof ServerReflectionRequestSchema>;
type Answer = MessageInitShape<typeof ServerReflectionResponseSchema>["messageResponse"];

/**
 * Server reflection (grpc/reflection/v1 and v1alpha, which differ in nothing but the name of the package): `grpcurl` and
 * clients made at run time learn from it what there is.
 */
export function addReflection(server: Server, services: readonly DescService[]): void {
  const reflections = [ReflectionV1, ReflectionV1Alpha] as unknown as readonly DescService[];
  const index = new ReflectionIndex([...services, ...reflections]);
  for (const reflection of reflections) {
    const definition = {
      ServerReflectionInfo: {
        path: `/${reflection.typeName}/ServerReflectionInfo`,
        requestStream: true,
        responseStream: true,
        requestSerialize: (request: Request) => Buffer.from(toBinary(ServerReflectionRequestSchema, request)),
        requestDeserialize: (bytes: Buffer) => fromBinary(ServerReflectionRequestSchema, bytes),
        responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
        responseDeserialize: (bytes: Buffer) => bytes,
      },
    };
    server.addService(definition as unknown as ServiceDefinition, {
      ServerReflectionInfo: (stream: ServerDuplexStream<Request, Uint8Array>) => {
        stream.on("data", (request: Request) => {
          const response = create(ServerReflectionResponseSchema, {
            validHost: request.host,
            originalRequest: request,
            messageResponse: index.answer(request),
          });
          stream.write(toBinary(ServerReflectionResponseSchema, response));
        });
        stream.on("end", () => stream.end());
      },
    });
  }
}

/** Where everything that has a name is declared. */
class ReflectionIndex {
  readonly #services: readonly string[];
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  /** Extensions by the message that they extend. */
  readonly #extensions = new Map<string, Map<number, DescExtension>>();

  constructor(services: readonly DescService[]) {
    this.#services = services.map(({ typeName }) => typeName).sort((a, b) => (a < b ? -1 : 1));
    for (const file of descriptorFiles()) this.#add(file);
  }

  answer({ messageRequest: request }: Request): NonNullable<Answer> {
    switch (request.case) {
      case "listServices":
        return { case: "listServicesResponse", value: { service: this.#services.map((name) => ({ name })) } };
      case "fileByFilename":
        return this.#withImports(this.#files.get(request.value), request.value);
      case "fileContainingSymbol":
        return this.#withImports(this.#symbols.get(request.value.replace(/^\./, "")), request.value);
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = request.value;
        const extension = this.#extensions.get(containingType)?.get(extensionNumber);
        return this.#withImports(extension?.file, `${containingType} ${extensionNumber}`);
      }
      case "allExtensionNumbersOfType": {
        if (!this.#symbols.has(request.value)) return unknown(request.value);
        const numbers = [...(this.#extensions.get(request.value)?.keys() ?? [])];
        return {
          case: "allExtensionNumbersResponse",
          value: { baseTypeName: request.value, extensionNumber: numbers },
        };
      }
      default:
        return {
          case: "errorResponse",
          value: { errorCode: status.INVALID_ARGUMENT, errorMessage: "the request asks for nothing" },
        };
    }
  }

  #add(file: DescFile): void {
    const name = `${file.name}.proto`;
    this.#files.set(name, file);
    const visit = (messages: DescFile["messages"]): void => {
      for (const message of messages) {
        this.#symbols.set(message.typeName, file);
        for (const field of message.fields) this.#symbols.set(`${message.typeName}.${field.name}`, file);
        for (const inner of message.nestedEnums) this.#symbols.set(inner.typeName, file);
        for (const extension of message.nestedExtensions) this.#addExtension(extension);
        visit(message.nestedMessages);
      }
    };
    visit(file.messages);
    for (const { typeName } of file.enums) this.#symbols.set(typeName, file);
    for (const extension of file.extensions) this.#addExtension(extension);
    for (const service of file.services) {
      this.#symbols.set(service.typeName, file);
      for (const method of service.methods) this.#symbols.set(`${service.typeName}.${method.name}`, file);
    }
  }

  #addExtension(extension: DescExtension): void {
    this.#symbols.set(extension.typeName, extension.file);
    let known = this.#extensions.get(extension.extendee.typeName);
    if (known === undefined) this.#extensions.set(extension.extendee.typeName, (known = new Map()));
    known.set(extension.number, extension);
  }

  /** The file, and all that it imports, so that one answer is enough. */
  #withImports(file: DescFile | undefined, asked: string): NonNullable<Answer> {
    if (file === undefined) return unknown(asked);
    const all = new Set<DescFile>();
    const visit = (one: DescFile): void => {
      if (all.has(one)) return;
      all.add(one);
      for (const dependency of one.dependencies) visit(dependency);
    };
    visit(file);
    return {
      case: "fileDescriptorResponse",
      value: { fileDescriptorProto: [...all].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto)) },
    };
  }
}

function unknown(asked: string): NonNullable<Answer> {
  return { case: "errorResponse", value: { errorCode: status.NOT_FOUND, errorMessage: `${asked} is not known` } };
}
