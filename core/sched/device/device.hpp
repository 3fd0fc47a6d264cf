// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <torc/error.hpp>

namespace torc::sched {

/// Which memory of a slot.
enum class slot_memory : std::uint8_t {
  device,  ///< where the kernels of its instance read and write fastest
  host     ///< for copies to and from the device: pinned where there is a difference
};

/// Which threads run the bodies that use a device, and so dispatch to its slots.
enum class dispatch : std::uint8_t {
  drivers,      ///< threads of the device's own: its work goes on after a body has returned
  each_worker,  ///< slot i is that of worker i
  one_worker,   ///< one slot, which one worker at a time has
  first_thread  ///< one slot, only for the thread that initialised the space: worker 0
};

/// The device can do nothing any more: every further call will fail. Ends the job.
class device_lost : public device_error {
 public:
  using device_error::device_error;
};

/// An execution space of this process on one device: one instance a slot, and how to tell when a slot is idle. Made
/// and destroyed by one thread, while nothing runs on it. A slot is used by one thread at a time; different slots may
/// be used by different threads.
class device {
 public:
  device() = default;
  device(const device&) = delete;
  device& operator=(const device&) = delete;
  virtual ~device() = default;

  /// Name of the execution space, such as "Cuda": what tasks ask for.
  virtual const std::string& space() const noexcept = 0;
  /// For people, such as "Cuda device 0 (NVIDIA H100)".
  virtual const std::string& description() const noexcept = 0;
  virtual sched::dispatch dispatch() const noexcept = 0;
  virtual int num_slots() const noexcept = 0;

  /// By each thread that will use slots, before it does.
  virtual void prepare_thread() = 0;
  /// The slot's execution space instance, as the address of an object of the space's type.
  virtual const void* instance(int slot) const noexcept = 0;

  /// Marks what has been enqueued on the slot so far. Throws device_error, device_lost. Only where bodies run on
  /// drivers; elsewhere nothing is left to be done when a call has returned.
  virtual void record(int slot) = 0;
  /// Whether all that was marked last is done. Never blocks. Throws device_error, device_lost.
  virtual bool is_ready(int slot) = 0;

  /// What a body has failed with: a device_error that names the device if the space's library said by it that the
  /// device failed, else what it was.
  virtual std::exception_ptr explain(std::exception_ptr failure) const { return failure; }

  /// Memory aligned for any type, at least to 64 bytes. Throws device_error if there is none left.
  virtual void* allocate(int slot, slot_memory kind, std::size_t size_bytes) = 0;
  virtual void deallocate(int slot, slot_memory kind, void* memory) noexcept = 0;
};

/// What the devices of a process are to be made for.
struct device_settings {
  int workers = 1;           ///< of this node
  int cores_per_worker = 1;  ///< that a host space's instance may use
  int slots = 4;             ///< of each device with drivers
};

}  // namespace torc::sched
