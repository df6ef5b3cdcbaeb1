// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Words of calldata
/// @notice What the language's slices give, for a fraction of their gas.
library Calldata {
    /// A word reaches out of its bytes.
    error OutOfBounds();

    /// @notice The 32 bytes at a place, the first one highest.
    /// @param data Bytes that end at or after the word does.
    /// @param start The place of the first of them.
    function word(bytes calldata data, uint256 start) internal pure returns (uint256 value) {
        unchecked {
            if (data.length < 32 || start > data.length - 32) {
                revert OutOfBounds();
            }
        }
        assembly ("memory-safe") {
            value := calldataload(add(data.offset, start))
        }
    }

    /// @notice A part of bytes.
    /// @param data The bytes.
    /// @param start The place of the first one.
    /// @param length How many.
    function part(bytes calldata data, uint256 start, uint256 length) internal pure returns (bytes calldata slice) {
        unchecked {
            if (data.length < length || start > data.length - length) {
                revert OutOfBounds();
            }
        }
        assembly ("memory-safe") {
            slice.offset := add(data.offset, start)
            slice.length := length
        }
    }
}
