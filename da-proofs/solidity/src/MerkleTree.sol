// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Calldata} from "./Calldata.sol";

/// @title Merkle trees of the RFC 9162 shape over SHA-256
/// @notice `leaf(x) = H(00‖x)`, `node(l, r) = H(01‖l‖r)`, split at the largest power of two below the leaf count,
/// nothing padded, nothing duplicated. Index and leaf count come from what the verifier asked for, never from a proof,
/// and a path has exactly as many siblings as they imply.
library MerkleTree {
    /// The SHA-256 precompile ran out of gas.
    error Sha256Failed();

    /// @notice The hash of a leaf.
    /// @param data The leaf's bytes.
    function leaf(bytes calldata data) internal view returns (bytes32 hash) {
        bool isDone;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0)
            calldatacopy(add(free, 1), data.offset, data.length)
            isDone := staticcall(gas(), 2, free, add(data.length, 1), 0, 32)
            hash := mload(0)
        }
        if (!isDone) {
            revert Sha256Failed();
        }
    }

    /// @notice The hash of an inner node.
    function node(bytes32 left, bytes32 right) internal view returns (bytes32 hash) {
        bool isDone;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 33), right)
            isDone := staticcall(gas(), 2, free, 65, 0, 32)
            hash := mload(0)
        }
        if (!isDone) {
            revert Sha256Failed();
        }
    }

    /// @notice How many siblings the path of a leaf has.
    /// @param index The leaf, below `count`.
    /// @param count Leaves of the tree, at least 1.
    function siblingCount(uint256 index, uint256 count) internal pure returns (uint256 siblings) {
        unchecked {
            while (count > 1) {
                // The last of an odd number of nodes moves up unchanged.
                if (index & 1 == 1 || index + 1 < count) {
                    ++siblings;
                }
                index >>= 1;
                count = (count + 1) >> 1;
            }
        }
    }

    /// @notice The root that a leaf and its siblings lead to.
    /// @param hash The hash of the leaf.
    /// @param index The leaf, below `count`.
    /// @param count Leaves of the tree, at least 1.
    /// @param siblings The sibling hashes bottom up, exactly `32 * siblingCount(index, count)` bytes.
    function rootFrom(bytes32 hash, uint256 index, uint256 count, bytes calldata siblings)
        internal
        view
        returns (bytes32)
    {
        uint256 read = 0;
        unchecked {
            while (count > 1) {
                bool isRight = index & 1 == 1;
                if (isRight || index + 1 < count) {
                    bytes32 sibling = bytes32(Calldata.word(siblings, read));
                    hash = isRight ? node(sibling, hash) : node(hash, sibling);
                    read += 32;
                }
                index >>= 1;
                count = (count + 1) >> 1;
            }
        }
        return hash;
    }

    /// @notice The root over leaf hashes, which are overwritten.
    /// @param hashes At least one leaf hash.
    function rootInPlace(bytes32[] memory hashes) internal view returns (bytes32 root) {
        bool isDone = true;
        assembly ("memory-safe") {
            let data := add(hashes, 32)
            let free := mload(0x40)
            mstore8(free, 1)
            for { let count := mload(hashes) } gt(count, 1) { count := shr(1, add(count, 1)) } {
                let to := data
                let from := data
                let end := add(data, shl(6, shr(1, count)))
                for {} lt(from, end) { from := add(from, 64) } {
                    mstore(add(free, 1), mload(from))
                    mstore(add(free, 33), mload(add(from, 32)))
                    isDone := and(isDone, staticcall(gas(), 2, free, 65, to, 32))
                    to := add(to, 32)
                }
                // The last of an odd number of nodes moves up unchanged.
                if and(count, 1) { mstore(to, mload(from)) }
            }
            root := mload(data)
        }
        if (!isDone) {
            revert Sha256Failed();
        }
    }
}
