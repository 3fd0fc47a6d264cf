// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

/// Tells the libraries made of this file apart.
extern "C" __attribute__((visibility("default"))) int value_of_library() { return TORC_TEST_VALUE; }
