// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Calldata} from "./Calldata.sol";

/// @title BLS12-381 signatures with the precompiles of EIP-2537
/// @notice Public keys in G1, signatures in G2, ciphersuite `BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_`. The
/// precompiles check that coordinates are below the field's prime and points on the curve; the pairing checks the
/// subgroups as well. One that is given a bad point burns the gas that it was called with.
library Bls12381 {
    /// A precompile refused a point, ran out of gas, or is not there: this chain is older than Prague.
    error BadPoint();

    /// Bytes of a field element here and in Zcash's encodings; the precompiles want 16 zero bytes before it.
    uint256 internal constant FIELD_BYTES = 48;
    /// Bytes of a compressed public key.
    uint256 internal constant KEY_BYTES = 48;
    /// Bytes of an uncompressed signature, in Zcash's order: `x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0`.
    uint256 internal constant SIGNATURE_BYTES = 192;

    uint256 private constant MODEXP = 0x05;
    uint256 private constant G1_ADD = 0x0b;
    uint256 private constant G2_ADD = 0x0d;
    uint256 private constant PAIRING = 0x0f;
    uint256 private constant MAP_TO_G2 = 0x11;

    /// Three lengths, a base of 64 bytes, an exponent of one, and the prime.
    uint256 private constant MODEXP_BYTES = 3 * 32 + 64 + 1 + FIELD_BYTES;
    uint256 private constant G1_BYTES = 128;
    uint256 private constant G2_BYTES = 256;

    /// The field's prime p, its high 128 and low 256 bits, and those of (p − 1) / 2.
    uint256 private constant PRIME_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant PRIME_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// The generator of G1, negated.
    uint256 private constant GENERATOR_X_HIGH = 0x17f1d3a73197d7942695638c4fa9ac0f;
    uint256 private constant GENERATOR_X_LOW = 0xc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb;
    uint256 private constant NEGATED_GENERATOR_Y_HIGH = 0x114d1d6855d545a8aa7d76c8cf2e21f2;
    uint256 private constant NEGATED_GENERATOR_Y_LOW =
        0x67816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca;

    /// The domain tag of the ciphersuite and its length, 43.
    bytes private constant DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_+";

    /// @notice A sum of no keys.
    /// @return sum The point at infinity, as the precompiles write it, with room for a summand behind it.
    function emptySum() internal pure returns (bytes memory sum) {
        return new bytes(2 * G1_BYTES);
    }

    /// @notice Adds a public key to a sum.
    /// @param sum What `emptySum` made.
    /// @param key The compressed key, at least `KEY_BYTES`.
    /// @param y Its y coordinate, `FIELD_BYTES`, which the compressed form leaves out all but one bit of.
    /// @return isKey Whether both are those of one point that is not infinity. That it is in the subgroup is not checked.
    function addKey(bytes memory sum, bytes calldata key, bytes calldata y) internal view returns (bool isKey) {
        uint256 high = Calldata.word(key, 0) >> 128;
        uint256 flags = high >> 125;
        uint256 yHigh = Calldata.word(y, 0) >> 128;
        uint256 yLow = Calldata.word(y, 16);
        uint256 xHigh = high & (type(uint128).max >> 3);
        uint256 xLow = Calldata.word(key, 16);
        // All zeros is infinity to the precompiles, whatever the flags say: its holder would sign with every message.
        if ((xHigh | xLow | yHigh | yLow) == 0) {
            return false;
        }
        if (flags & 6 != 4 || isUpperHalf(yHigh, yLow) != (flags & 1 != 0)) {
            return false;
        }
        uint256 start = addressOf(sum);
        unchecked {
            store(start + 128, xHigh, xLow);
            store(start + 192, yHigh, yLow);
        }
        call(G1_ADD, start, 2 * G1_BYTES, start, G1_BYTES);
        return true;
    }

    function isUpperHalf(uint256 yHigh, uint256 yLow) private pure returns (bool) {
        return yHigh > HALF_HIGH || (yHigh == HALF_HIGH && yLow > HALF_LOW);
    }

    /// @notice Whether a signature is that of a key, or a sum of signatures that of a sum of keys.
    /// @param sum The key: what `addKey` made of an empty sum.
    /// @param message The signed bytes.
    /// @param signature `SIGNATURE_BYTES`.
    function verify(bytes memory sum, bytes calldata message, bytes calldata signature) internal view returns (bool) {
        bytes memory pairs = new bytes(2 * (G1_BYTES + G2_BYTES));
        uint256 start = addressOf(pairs);
        store(start, GENERATOR_X_HIGH, GENERATOR_X_LOW);
        store(start + 64, NEGATED_GENERATOR_Y_HIGH, NEGATED_GENERATOR_Y_LOW);
        bool isPoint = storeSignature(start + G1_BYTES, signature);
        bool isKey = copyKey(addressOf(sum), start + G1_BYTES + G2_BYTES);
        // All zeros is infinity to the precompiles, which pairs with everything.
        if (!isPoint || !isKey) {
            revert BadPoint();
        }
        hashToG2(message, start + 2 * G1_BYTES + G2_BYTES);
        call(PAIRING, start, pairs.length, start, 32);
        return load(start) == 1;
    }

    /// Writes a signature as the precompiles want it. Zcash's encoding has the second coefficient of an element of the
    /// extension field first.
    function storeSignature(uint256 to, bytes calldata signature) private pure returns (bool isNotZero) {
        uint256 seen = 0;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 from = FIELD_BYTES * (i ^ 1);
            uint256 high = Calldata.word(signature, from) >> 128;
            uint256 low = Calldata.word(signature, from + 16);
            store(to + 64 * i, high, low);
            seen |= high | low;
        }
        return seen != 0;
    }

    function copyKey(uint256 from, uint256 to) private pure returns (bool isNotZero) {
        uint256 seen = 0;
        for (uint256 i = 0; i < G1_BYTES; i += 32) {
            uint256 word = load(from + i);
            seen |= word;
            put(to + i, word);
        }
        return seen != 0;
    }

    /// Hashes to the curve (RFC 9380, `hash_to_curve` of `BLS12381G2_XMD:SHA-256_SSWU_RO_`); the precompile that maps
    /// clears the cofactor, which is the same before and after the sum.
    function hashToG2(bytes calldata message, uint256 to) private view {
        bytes32[8] memory uniform = expandMessage(message);
        uint256 points = addressOf(new bytes(2 * G2_BYTES));
        uint256 element = addressOf(new bytes(2 * 64));
        uint256 modexp = addressOf(new bytes(MODEXP_BYTES));
        put(modexp, 64);
        put(modexp + 32, 1);
        put(modexp + 64, FIELD_BYTES);
        put(modexp + 160, 1 << 248);
        put(modexp + 161, (PRIME_HIGH << 128) | (PRIME_LOW >> 128));
        put(modexp + 177, PRIME_LOW);
        for (uint256 i = 0; i < 4; ++i) {
            put(modexp + 96, uint256(uniform[2 * i]));
            put(modexp + 128, uint256(uniform[2 * i + 1]));
            call(MODEXP, modexp, MODEXP_BYTES, element + 64 * (i & 1) + 16, FIELD_BYTES);
            if (i & 1 == 1) {
                call(MAP_TO_G2, element, 2 * 64, points + G2_BYTES * (i >> 1), G2_BYTES);
            }
        }
        call(G2_ADD, points, 2 * G2_BYTES, to, G2_BYTES);
    }

    /// `expand_message_xmd` of RFC 9380, section 5.3.1, with SHA-256, to 256 bytes.
    function expandMessage(bytes calldata message) private pure returns (bytes32[8] memory uniform) {
        bytes32 first =
            sha256(abi.encodePacked(bytes32(0), bytes32(0), message, uint16(256), uint8(0), DOMAIN));
        uniform[0] = sha256(abi.encodePacked(first, uint8(1), DOMAIN));
        for (uint256 i = 1; i < 8; ++i) {
            uniform[i] = sha256(abi.encodePacked(first ^ uniform[i - 1], uint8(i + 1), DOMAIN));
        }
    }

    /// Calls a precompile on memory, and has it write to memory.
    function call(uint256 precompile, uint256 from, uint256 fromBytes, uint256 to, uint256 toBytes) private view {
        bool isDone;
        assembly ("memory-safe") {
            // An address without code succeeds and returns nothing: the size tells whether the precompile is there.
            isDone :=
                and(eq(returndatasize(), toBytes), staticcall(gas(), precompile, from, fromBytes, to, toBytes))
        }
        if (!isDone) {
            revert BadPoint();
        }
    }

    /// Where an array's first byte is. All memory that this library writes by address is its own arrays'.
    function addressOf(bytes memory array) private pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := add(array, 32)
        }
    }

    /// Writes a field element of 48 bytes behind 16 zero bytes.
    function store(uint256 start, uint256 high, uint256 low) private pure {
        assembly ("memory-safe") {
            mstore(start, high)
            mstore(add(start, 32), low)
        }
    }

    function put(uint256 start, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(start, word)
        }
    }

    function load(uint256 start) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(start)
        }
    }
}
