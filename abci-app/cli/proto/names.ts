import type { DescEnum, DescField, DescService } from "@bufbuild/protobuf";

/** `AllBalances` → `all-balances`, `AccountAddressByID` → `account-address-by-id`. */
export function kebabOfPascal(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** `from_address` → `from-address`. */
export function kebabOfSnake(name: string): string {
  return name.replaceAll("_", "-");
}

/** Whether a service has commands; those of old versions that a newer one has taken over have none. */
export function isCommanded({ typeName }: DescService): boolean {
  return !typeName.startsWith("cosmos.gov.v1beta1.");
}

/** The name under which a service's commands stand: `bank` of `cosmos.bank.v1beta1.Query`. */
export function moduleNameOf(service: DescService): string {
  const parts = service.typeName.split(".");
  parts.pop();
  if (/^v\d+((alpha|beta)\d+)?$/.test(parts.at(-1) ?? "")) parts.pop();
  return kebabOfSnake(parts.at(-1) ?? service.typeName);
}

/** How people write a value of an enum, in order of its values: `JOB_CLASS_BATCH` → `batch`. */
export function enumNames(
  type: DescEnum,
): readonly { readonly written: string; readonly name: string; readonly number: number }[] {
  const prefix = type.sharedPrefix?.toUpperCase() ?? "";
  return type.values.map(({ name, number }) => ({
    written: kebabOfSnake((name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase()),
    name,
    number,
  }));
}

/** Of a field as people know it, in help texts and errors. */
export function fieldTitle(field: DescField): string {
  return kebabOfSnake(field.name);
}
