// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>

#include "core/protocol/surveying.hpp"
#include "core/report/report_rounds.hpp"

namespace torc::report {

/// Who hears what other nodes say about reports. Called by the holder of the role, and so must return at once.
class report_listener {
 public:
  virtual void asked_by(base::node_id asker, report_rounds::reason why) = 0;
  virtual void arrived(base::node_id from, std::string part) = 0;
  virtual void ended_by(base::node_id asker) = 0;
  /// This node's own questions have left, or may not.
  virtual void asked(bool is_allowed) = 0;
  /// Node 0: a signal to another one is to stop the session, and all are being asked how far they are.
  virtual void stop_requested(int signal) = 0;
  virtual void counted(const protocol::job_counts& of_all) = 0;

 protected:
  ~report_listener() = default;
};

}  // namespace torc::report
