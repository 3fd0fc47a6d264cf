// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <sys/types.h>

#include <vector>

namespace storm {

/// Processes that compute for nothing as long as this lives, and no longer than this process.
class burners {
 public:
  /// While this process has one thread.
  explicit burners(int count);
  burners(const burners&) = delete;
  burners& operator=(const burners&) = delete;
  ~burners();

 private:
  std::vector<pid_t> m_processes;
};

}  // namespace storm
