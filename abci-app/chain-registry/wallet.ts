import type { ChainDescription } from "./description.js";
import { gasPriceSteps } from "./registry.js";

/**
 * What a page hands to `keplr.experimentalSuggestChain` or `leap.experimentalSuggestChain` (ChainInfo of
 * docs.keplr.app/api/guide/suggest-chain, which Leap takes too).
 */
export function walletChainInfo(chain: ChainDescription) {
  const { constants, endpoints, coins } = chain;
  const currencies = coins.map(({ base, symbol, denom_units, display }) => ({
    coinDenom: symbol,
    coinMinimalDenom: base,
    coinDecimals: denom_units.find(({ denom }) => denom === display)?.exponent ?? 0,
  }));
  const currencyOf = (denom: string) =>
    currencies.find(({ coinMinimalDenom }) => coinMinimalDenom === denom) ?? {
      coinDenom: constants.display_denom.toUpperCase(),
      coinMinimalDenom: denom,
      coinDecimals: constants.display_exponent,
    };
  const steps = gasPriceSteps(chain.gasPrice);
  const prefix = constants.bech32_prefix;
  return {
    chainId: chain.chainId,
    chainName: constants.chain_name,
    rpc: endpoints.rpc,
    rest: endpoints.rest,
    bip44: { coinType: constants.coin_type },
    bech32Config: {
      bech32PrefixAccAddr: prefix,
      bech32PrefixAccPub: `${prefix}pub`,
      bech32PrefixValAddr: `${prefix}valoper`,
      bech32PrefixValPub: `${prefix}valoperpub`,
      bech32PrefixConsAddr: `${prefix}valcons`,
      bech32PrefixConsPub: `${prefix}valconspub`,
    },
    currencies: currencies.length > 0 ? currencies : [currencyOf(constants.base_denom)],
    feeCurrencies: [
      {
        ...currencyOf(constants.fee_denom),
        gasPriceStep: {
          low: steps.low_gas_price,
          average: steps.average_gas_price,
          high: steps.high_gas_price,
        },
      },
    ],
    stakeCurrency: currencyOf(constants.base_denom),
    features: [],
  };
}
