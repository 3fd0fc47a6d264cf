// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/node_id.hpp"

namespace torc::report {

/// One node's part in making one report out of those of all nodes, however many of them are asked by a signal: the
/// lowest of those asks all others and prints what they say. A pure state machine: it has no thread, no clock and no
/// network. Not thread-safe.
///
/// No node waits for another one. What the others have not sent in time is missing from the report, and its nodes are
/// named. Whoever has answered and does not hear that the report was printed prints its own part: messages may have
/// stood still here, or where it was sent.
class report_rounds {
 public:
  enum class reason { signal, stall };
  struct result {
    reason why = reason::signal;
    std::map<base::node_id, std::string> parts;  ///< without this node's
    std::vector<base::node_id> silent;           ///< in time
    bool has_asked = true;                       ///< else the questions have not left this node
    bool is_too_late = false;                    ///< nor will they: see cannot_ask
  };

  /// What it lets others do, who return at once.
  class side {
   public:
    /// Asks all other nodes; has_asked or cannot_ask is called later.
    virtual void ask(reason why) = 0;
    virtual void answer(base::node_id asker) = 0;
    /// Tells all others that the report is there.
    virtual void end_asking() = 0;
    virtual void print(const result& all) = 0;
    virtual void print_own() = 0;

   protected:
    ~side() = default;
  };

  static constexpr std::chrono::seconds one_signal{2};  ///< signals within this time are one question
  static constexpr std::chrono::seconds patience{5};
  static constexpr std::chrono::seconds longer_patience{6};  ///< of those who have answered

  report_rounds(base::node_id self, int num_nodes, side& does) : m_self(self), m_num_nodes(num_nodes), m_side(does) {}

  void signalled(base::time_point now);
  /// Nothing goes on here. The caller decides by the answers whether that is so everywhere.
  void stalled(base::time_point now);
  /// Another node asks.
  void asked_by(base::node_id asker, reason why, base::time_point now);
  void arrived(base::node_id from, std::string part);
  /// That node has printed its report.
  void ended_by(base::node_id asker);
  void has_asked();
  /// The session is ending, and this node may not send anything of its own any more.
  void cannot_ask();

  /// Does what is due.
  void tick(base::time_point now);
  /// When something is due unless more happens.
  std::optional<base::time_point> next() const;
  bool is_asking() const noexcept { return m_round.has_value(); }

 private:
  struct round {
    base::time_point until;
    result found;
  };
  void begin(reason why, base::time_point now);
  void finish();

  const base::node_id m_self;
  const int m_num_nodes;
  side& m_side;
  std::optional<base::time_point> m_deaf_until;
  std::optional<base::time_point> m_ask_at;
  std::optional<round> m_round;
  std::map<base::node_id, base::time_point> m_answered;  ///< until when they are to print
};

}  // namespace torc::report
