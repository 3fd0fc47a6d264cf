// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/end_job.hpp"

#include "core/base/log.hpp"
#include "core/base/process_exit.hpp"

namespace torc::runtime {

void end_job(protocol::transport* network, std::string_view reason, int status) noexcept {
  base::log::clear_status();
  if (network != nullptr) network->abort(reason, status);
  base::log::write_error_line(reason);
  base::log::flush_output();
  // Neither exit handlers nor static destructors: other threads use what they are about to destroy.
  base::exit_now(status);
}

}  // namespace torc::runtime
