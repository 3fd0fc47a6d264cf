// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <pthread.h>

#include <cstddef>

#ifdef __GLIBC__
#define TORC_TESTS_HAVE_NO_MORE_THREADS 1

namespace tests {

/// While it lives the process gets no more threads, since each would need a stack larger than any address space; all
/// other memory is there.
class no_more_threads {
 public:
  no_more_threads() {
    ::pthread_getattr_default_np(&m_before);
    pthread_attr_t vast = m_before;
    ::pthread_attr_setstacksize(&vast, std::size_t{1} << 58U);
    ::pthread_setattr_default_np(&vast);
  }
  no_more_threads(const no_more_threads&) = delete;
  no_more_threads& operator=(const no_more_threads&) = delete;
  ~no_more_threads() {
    ::pthread_setattr_default_np(&m_before);
    ::pthread_attr_destroy(&m_before);
  }

 private:
  pthread_attr_t m_before{};
};

}  // namespace tests
#endif
