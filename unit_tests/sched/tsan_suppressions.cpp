// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

/// ThreadSanitizer does not see how the C++ library, which is not instrumented, counts the references to an exception:
/// it takes the deletion by the last holder for a race with what other holders have read.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:std::__exception_ptr::exception_ptr::_M_release\nrace:__cxa_end_catch\n";
}
