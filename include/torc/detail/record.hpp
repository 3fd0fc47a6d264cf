// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/path.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <new>

namespace torc::sched {
class worker;
}
namespace torc::fiber {
class fiber;
}
namespace torc::task {
class kept_bytes;
}

namespace torc::detail {

struct record;
struct waiter;
struct task_extras;
class output_archive;
class input_archive;

/// Marks a task_codec in memory.
inline constexpr std::uint64_t task_codec_magic = 0x746f72636f646563U;

/// How tasks of one type cross between nodes; one constant per type of task that may travel, named to another node by
/// its place in its module. Each call gets archives of its own: what is shared within one is written into it once.
struct task_codec {
  /// Checked before an address that another node named is believed to be one of these.
  std::uint64_t magic = task_codec_magic;
  /// Writes the function (identity of a pointer, or state of an object) and the arguments. Throws serialization_error
  /// for what cannot be written, identity_error for a function of no module.
  void (*encode)(const record&, output_archive&);
  /// Reads function and arguments, calls, writes the result. What the body throws leaves it unchanged. Bytes that
  /// cannot be read and a result that cannot be written throw serialization_error, a function that is not here
  /// identity_error; then nothing is written.
  void (*call)(input_archive& in, output_archive& out);
  /// Constructs in the record the result that `call` wrote on another node, and sets has_result. Throws
  /// serialization_error.
  void (*decode_result)(record&, input_archive&);
  /// Whether encode copies no more than the record holds, and so runs no code of the user's.
  bool are_arguments_flat;
  /// Whether decode_result runs no code of the user's.
  bool is_result_plain;
  /// Address of the function that `encode` wrote, for a task that runs a function pointer which is known here; else
  /// null.
  const void* (*function)(input_archive& in) noexcept;
  /// As task_type::type_name.
  const char* (*type_name)() noexcept;
};

/// What a record's type knows about itself; one constant per type of task.
struct task_type {
  /// Runs the body and stores its result; exceptions leave it.
  void (*run)(record&);
  /// Destroys the record's members, not its memory; null if there is nothing to do for them.
  void (*destroy)(record&) noexcept;
  /// Address of the function, for a task that runs a function pointer; else null.
  const void* (*function)(const record&) noexcept;
  /// Describes the type of the callable; names a task that has no name of its own.
  const char* (*type_name)(const record&) noexcept;
  /// Null for tasks that never leave their home node.
  const task_codec* codec;
};

/// How a task's future ended. The last three are values that came from another node; what reads them is the user's
/// code.
enum class outcome : std::uint8_t {
  none,
  value,
  failed,
  cancelled,
  stopped,     ///< its body has not begun, and will not, since the session ends early
  kept,        ///< as the bytes that came, until somebody asks for it
  being_read,  ///< somebody is making the value of them
  unreadable,  ///< that has failed, and the failure says why
};

/// Whether it ended because its body is not to begin.
constexpr bool has_no_body(outcome kind) noexcept { return kind == outcome::cancelled || kind == outcome::stopped; }

/// Where a task is, as its home knows; core/sched/queue/claims.hpp has the ways from one to the other.
enum class start_state : std::uint8_t {
  queued,   ///< in a queue of this node, or about to be put into one
  started,  ///< its body has begun here, or it was found cancelled by whoever wanted to begin it
  away,     ///< another node has it
  ended,    ///< it was away or should have left, its outcome is known here and about to be published
};

/// Bits of record::state below the reference count.
namespace state_bits {
inline constexpr std::uint64_t done = 1;              ///< the future has its outcome; never taken back
inline constexpr std::uint64_t has_waiters = 2;       ///< record::waiters must be looked at when done
inline constexpr std::uint64_t cancel_requested = 4;  ///< the starter must win `claimed` before it runs the body
inline constexpr std::uint64_t claimed = 8;           ///< whoever set it decides between starting and cancelling
inline constexpr std::uint64_t settled = 16;          ///< whoever set it decides the outcome (tasks with a timeout)
inline constexpr std::uint64_t revoked = 32;          ///< set with `claimed` by cancel: the body never begins
inline constexpr std::uint64_t reference = 64;        ///< one holder: a future, or the runtime
}  // namespace state_bits

/// Bits of record::flags, constant once the task is queued except where said.
namespace record_flags {
inline constexpr std::uint16_t home_bound = 1;     ///< may never leave its home node
inline constexpr std::uint16_t primary = 2;        ///< its children are the primary task's: first in, first out
inline constexpr std::uint16_t scope = 4;          ///< no body; counts tasks that are waited for together
inline constexpr std::uint16_t in_spmd = 8;        ///< below an spmd body (inherited by children)
inline constexpr std::uint16_t has_options = 16;   ///< has extras that matter to how it is started
inline constexpr std::uint16_t detached = 32;      ///< the parent does not wait for it (an open scope, the primary)
inline constexpr std::uint16_t never_inline = 64;  ///< may not run on its parent's stack
inline constexpr std::uint16_t of_primary = 128;  ///< child of the primary task or of one of its scopes, wherever it is
inline constexpr std::uint16_t guest = 256;       ///< of another node, which is told when it is over
inline constexpr std::uint16_t spmd_body = 512;   ///< for worker 0 of its node, before anything else
inline constexpr std::uint16_t device = 1024;     ///< its body runs with an execution space instance
inline constexpr std::uint16_t in_device = 2048;  ///< below the body of a device task (inherited by children)
inline constexpr std::uint16_t prioritised = 4096;  ///< has a priority, given or its parent's (inherited by children)
inline constexpr std::uint16_t in_limit = 8192;     ///< below a task that has a limit (inherited by children)
inline constexpr std::uint16_t limited = 16384;     ///< has a limit
inline constexpr std::uint16_t callback = 32768;    ///< of a future; begun even when the session is being stopped
inline constexpr std::uint16_t inherited = in_spmd | in_device | prioritised | in_limit;
}  // namespace record_flags

/// The runtime's part of a task; closure, arguments and result follow in the same block.
///
/// Lifetime: until the body has returned, all children have completed and no future is left. A parent outlives its
/// children, because it completes after them.
///
/// What a loop can count without end has 64 bits: children, callbacks, holders. So that the record stays small, what is
/// needed at different times shares its place.
struct record {
  /// While the task runs, `remote` starts from here, so that it cannot reach 0 before the parent joins.
  static constexpr std::int64_t not_joining = std::numeric_limits<std::int64_t>::min() / 2;

  record(const task_type& task, std::uint8_t block_class, std::uint16_t first_flags) noexcept
      : next(this),
        type(&task),
        flags(first_flags),
        size_class(block_class),
        has_result(false),
        is_joining(false),
        has_scopes(false) {}
  record(const record&) = delete;
  record& operator=(const record&) = delete;

  /// Of those that a node runs for another one: they are counted by nobody and freed where they were made.
  static void* operator new(std::size_t bytes) { return ::operator new (bytes, std::align_val_t{alignment_bytes}); }
  static void operator delete(void* memory) noexcept { ::operator delete (memory, std::align_val_t{alignment_bytes}); }
  static constexpr std::size_t alignment_bytes = 64;

  union {
    /// Before and after its body: link of the one queue that holds the task; itself while none does.
    std::atomic<record*> next;
    sched::worker* owner;  ///< whose thread runs the body; null for a record that has none
  };
  record* parent = nullptr;
  const task_type* type;
  /// state_bits and the reference count: one for the runtime and one for the future that submit returns.
  std::atomic<std::uint64_t> state{2 * state_bits::reference};
  /// Children that other threads spawned, less those that other threads completed, plus not_joining until the task
  /// joins. Joining adds `outstanding`; whoever then brings it to 0 goes on with the parent.
  std::atomic<std::int64_t> remote{not_joining};
  union {
    std::int64_t outstanding = 0;  ///< children spawned less children completed on the owner's thread; owner only
    fiber::fiber* waiting_fiber;   ///< while is_joining: of the body that waits for its children, null once it is over
    std::int32_t node;             ///< where it is to go, between sending it away and placing it; then outstanding
    std::uint64_t away_name;       ///< while `started` says that it is away: for the other nodes
    task::kept_bytes* result;      ///< while result_kind says that it is kept
  };
  union {
    std::uint64_t spawned = 0;  ///< children numbered so far; owner only
    task::kept_bytes* kept;     ///< of a task that is about to leave: itself; null like `spawned` for none
    std::uint64_t ran_at;       ///< of one that is done and should have left: the node that had it
  };
  std::uint64_t path = root_path;
  task_extras* extras = nullptr;  ///< options and failure, if any
  waiter* waiters = nullptr;      ///< guarded by the lock that task::waiter_lock gives
  std::uint64_t callbacks = 0;    ///< numbered so far; guarded as waiters
  std::uint16_t flags;
  std::uint16_t session = 0;  ///< its number modulo 2^16: only names what is wrong with a future of another one
  std::atomic<start_state> started{start_state::queued};
  std::atomic<outcome> result_kind{outcome::none};  ///< written before `done`; then only what is kept changes
  std::uint8_t size_class;
  bool has_result : 1;  ///< the body constructed a result that must be destroyed
  bool is_joining : 1;  ///< owner only: completions must go through `remote`
  bool has_scopes : 1;  ///< owner only: has opened scopes, which the end of its body closes
};
static_assert(sizeof(record) == 96, "with 32 bytes of function, arguments and result it fills two blocks");

/// Destroys the record's members, not its memory.
inline void destroy_members(record& task) noexcept {
  if (task.type->destroy != nullptr) task.type->destroy(task);
}

/// Records are allocated in blocks of multiples of 64 bytes, of 2 and of 4 KiB; class 0 comes from the general heap.
inline constexpr std::size_t block_granularity_bytes = 64;
inline constexpr std::uint8_t num_size_classes = 19;

constexpr std::uint8_t size_class_of(std::size_t bytes) noexcept {
  if (bytes <= 1024) return static_cast<std::uint8_t>((bytes + block_granularity_bytes - 1) / block_granularity_bytes);
  if (bytes <= 2048) return 17;
  if (bytes <= 4096) return 18;
  return 0;
}

constexpr std::size_t block_bytes_of(std::uint8_t size_class) noexcept {
  return size_class <= 16 ? size_class * block_granularity_bytes : std::size_t{2048} << (size_class - 17);
}

}  // namespace torc::detail
