// Compiles the libraries and calls them in an EVM of the Prague hardfork, which has the precompiles of EIP-2537.
//
//   node evm.mjs [--hardfork NAME]
//
// Reads one call a line from standard input, `function argument…` with arguments in hex (0x…) or decimal, or `calldata 0x…`
// with selector and arguments as they are, and answers each with one line `gas transactionGas result`: the gas of the call, the gas of a transaction that makes it and nothing
// else, and the returned bytes in hex or the name of the error that it reverted with.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { MCLBLS, createEVM } from '@ethereumjs/evm';
import * as mcl from 'mcl-wasm';
import solc from 'solc';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const GAS_LIMIT = 30_000_000n;
const TRANSACTION_GAS = 21_000n;

function compile() {
  const sources = {};
  for (const folder of ['src', 'test']) {
    for (const name of readdirSync(join(FOLDER, folder)).filter((file) => file.endsWith('.sol'))) {
      sources[`${folder}/${name}`] = { content: readFileSync(join(FOLDER, folder, name), 'utf8') };
    }
  }
  const input = {
    language: 'Solidity',
    sources,
    settings: {
      optimizer: { enabled: true, runs: 1000 },
      evmVersion: 'cancun',
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.methodIdentifiers'] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const problems = output.errors ?? [];
  if (problems.length > 0) {
    throw new Error(problems.map((problem) => problem.formattedMessage).join('\n'));
  }
  return output.contracts;
}

const fromHex = (hex) => Uint8Array.from(Buffer.from(hex.replace(/^0x/, ''), 'hex'));
const toHex = (bytes) => Buffer.from(bytes).toString('hex');
const word = (value) => BigInt(value).toString(16).padStart(64, '0');

/** ABI-encodes arguments of the types that the verifier has: words and byte strings. */
function encodeArguments(types, values) {
  let head = '';
  let tail = '';
  types.forEach((type, i) => {
    if (type !== 'bytes') {
      head += word(values[i]);
      return;
    }
    const bytes = values[i].replace(/^0x/, '');
    head += word(32 * types.length + tail.length / 2);
    tail += word(bytes.length / 2) + bytes.padEnd(Math.ceil(bytes.length / 64) * 64, '0');
  });
  return head + tail;
}

function encodeCall(name, values) {
  const types = abi.find((entry) => entry.name === name).inputs.map((input) => input.type);
  return code.methodIdentifiers[`${name}(${types.join(',')})`] + encodeArguments(types, values);
}

/** What calldata costs: 4 gas a zero byte and 16 another one, and 10 and 40 at least in all (EIP-7623). */
function transactionGas(calldata, callGas) {
  const zeros = BigInt(calldata.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0));
  const tokens = zeros + 4n * (BigInt(calldata.length) - zeros);
  const plain = 4n * tokens + callGas;
  const floor = 10n * tokens;
  return TRANSACTION_GAS + (plain > floor ? plain : floor);
}

const hardfork = process.argv[2] === '--hardfork' ? process.argv[3] : Hardfork.Prague;
const contracts = compile();
const { abi, evm: code } = contracts['test/Verifier.sol'].Verifier;
await mcl.init(mcl.BLS12_381);
const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork }), bls: new MCLBLS(mcl) });

const errors = new Map();
for (const file of Object.values(contracts)) {
  for (const contract of Object.values(file)) {
    for (const item of contract.abi.filter((entry) => entry.type === 'error')) {
      errors.set(item.name, item);
    }
  }
}
const { keccak_256: keccak } = await import('@noble/hashes/sha3.js');
const nameOfSelector = new Map(
  [...errors.keys()].map((name) => [toHex(keccak(new TextEncoder().encode(`${name}()`)).slice(0, 4)), name]),
);

const deployed = await evm.runCall({ data: fromHex(code.bytecode.object), gasLimit: GAS_LIMIT });
if (deployed.execResult.exceptionError) {
  throw new Error(`the verifier was not deployed: ${deployed.execResult.exceptionError.error}`);
}
const to = deployed.createdAddress;

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const [name, ...values] = line.trim().split(' ');
  const data = fromHex(name === 'calldata' ? values[0] : encodeCall(name, values));
  const { execResult } = await evm.runCall({ to, data, gasLimit: GAS_LIMIT });
  const returned = toHex(execResult.returnValue);
  const result = execResult.exceptionError
    ? (nameOfSelector.get(returned) ?? `${execResult.exceptionError.error.replaceAll(' ', '-')}:${returned}`)
    : `0x${returned}`;
  const callGas = execResult.executionGasUsed;
  process.stdout.write(`${callGas} ${transactionGas(data, callGas)} ${result}\n`);
}
