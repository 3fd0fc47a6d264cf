// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <Kokkos_Core.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "backends/kokkos/device_choice.hpp"
#include "backends/kokkos/environment.hpp"
#include "core/sched/device/device.hpp"
#if defined(KOKKOS_ENABLE_CUDA)
#include "backends/kokkos/event_cuda.hpp"
#endif
#if defined(KOKKOS_ENABLE_HIP)
#include "backends/kokkos/event_hip.hpp"
#endif
#if defined(KOKKOS_ENABLE_SYCL)
#include "backends/kokkos/event_sycl.hpp"
#endif

namespace torc::backends::kokkos {

/// Kokkos 4.4 is the first whose instances of host spaces are independent of one another, and whose GPU instances may
/// belong to several devices.
inline constexpr bool has_instances = KOKKOS_VERSION >= 40400;

/// What torc must know of an execution space; specialised for each that it uses:
///   dispatch      which threads run the bodies
///   host_memory   memory space for copies to and from the device
///   slot          makes, owns and releases an instance on a device, of a width in threads: `instance`, and its event's
///                 `record` and `is_ready`
///   bind          makes a thread ready to use the slots of a device
///   describe      a device for people
/// and where bodies run on drivers: `find_devices` before Kokkos is started, `current_device` that Kokkos has taken,
/// `can_use_several` of them in one process.
template <class Space>
struct space_trait;

/// Of a host space, whose calls return when all is done.
template <class Space>
class host_slot {
 public:
  explicit host_slot(Space instance) : m_instance(std::move(instance)) {}
  const Space& instance() const noexcept { return m_instance; }
  void record() {}
  bool is_ready() { return true; }

 private:
  Space m_instance;
};

template <class Space>
struct host_trait {
  using host_memory = Kokkos::HostSpace;
  static void bind(int) {}
  static std::string describe(int) { return Space::name(); }
};

#if defined(KOKKOS_ENABLE_SERIAL)
template <>
struct space_trait<Kokkos::Serial> : host_trait<Kokkos::Serial> {
#if KOKKOS_VERSION >= 40400
  static constexpr sched::dispatch dispatch = sched::dispatch::each_worker;
  struct slot : host_slot<Kokkos::Serial> {
    slot(int, int) : host_slot(Kokkos::Serial(Kokkos::NewInstance{})) {}
  };
#else
  static constexpr sched::dispatch dispatch = sched::dispatch::one_worker;
  struct slot : host_slot<Kokkos::Serial> {
    slot(int, int) : host_slot(Kokkos::Serial()) {}
  };
#endif
};
#endif

#if defined(KOKKOS_ENABLE_OPENMP)
template <>
struct space_trait<Kokkos::OpenMP> : host_trait<Kokkos::OpenMP> {
#if KOKKOS_VERSION >= 40400
  static constexpr sched::dispatch dispatch = sched::dispatch::each_worker;
  struct slot : host_slot<Kokkos::OpenMP> {
    slot(int, int width) : host_slot(Kokkos::OpenMP(width)) {}
  };
#else
  static constexpr sched::dispatch dispatch = sched::dispatch::one_worker;
  struct slot : host_slot<Kokkos::OpenMP> {
    slot(int, int) : host_slot(Kokkos::OpenMP()) {}
  };
#endif
};
#endif

#if defined(KOKKOS_ENABLE_THREADS)
template <>
struct space_trait<Kokkos::Threads> : host_trait<Kokkos::Threads> {
  static constexpr sched::dispatch dispatch = sched::dispatch::first_thread;
  struct slot : host_slot<Kokkos::Threads> {
    slot(int, int) : host_slot(Kokkos::Threads()) {}
  };
};
#endif

// GPUs from Kokkos 4.0 on: before, the names of their spaces were others.
#if defined(KOKKOS_ENABLE_CUDA) && KOKKOS_VERSION >= 40000
template <>
struct space_trait<Kokkos::Cuda> {
  static constexpr sched::dispatch dispatch = sched::dispatch::drivers;
  using host_memory = Kokkos::CudaHostPinnedSpace;

  class slot {
   public:
    slot(int device, int) : m_stream(device), m_instance(m_stream.handle()) {}
    const Kokkos::Cuda& instance() const noexcept { return m_instance; }
    void record() { m_stream.record(); }
    bool is_ready() { return m_stream.is_ready(); }

   private:
    cuda::stream m_stream;  ///< outlives the instance
    Kokkos::Cuda m_instance;
  };

  static void bind(int device) { cuda::use_device(device); }
  static std::string describe(int device) { return cuda::describe(device); }
  static found_devices find_devices() { return cuda::find_devices(); }
  static int current_device() { return Kokkos::Cuda().cuda_device(); }
  static constexpr bool can_use_several = has_instances;
};
#endif

#if defined(KOKKOS_ENABLE_HIP) && KOKKOS_VERSION >= 40000
template <>
struct space_trait<Kokkos::HIP> {
  static constexpr sched::dispatch dispatch = sched::dispatch::drivers;
  using host_memory = Kokkos::HIPHostPinnedSpace;

  class slot {
   public:
    slot(int device, int) : m_stream(device), m_instance(m_stream.handle()) {}
    const Kokkos::HIP& instance() const noexcept { return m_instance; }
    void record() { m_stream.record(); }
    bool is_ready() { return m_stream.is_ready(); }

   private:
    hip::stream m_stream;  ///< outlives the instance
    Kokkos::HIP m_instance;
  };

  static void bind(int device) { hip::use_device(device); }
  static std::string describe(int device) { return hip::describe(device); }
  static found_devices find_devices() { return hip::find_devices(); }
  static int current_device() { return Kokkos::HIP().hip_device(); }
  static constexpr bool can_use_several = has_instances;
};
#endif

#if defined(KOKKOS_ENABLE_SYCL) && KOKKOS_VERSION >= 40500
template <>
struct space_trait<Kokkos::SYCL> {
  static constexpr sched::dispatch dispatch = sched::dispatch::drivers;
  using host_memory = Kokkos::SharedHostPinnedSpace;

  class slot {
   public:
    slot(int device, int) : m_queue(Kokkos::SYCL().sycl_queue(), device), m_instance(m_queue.handle()) {}
    const Kokkos::SYCL& instance() const noexcept { return m_instance; }
    void record() { m_queue.record(); }
    bool is_ready() { return m_queue.is_ready(); }

   private:
    oneapi::queue m_queue;  ///< outlives the instance
    Kokkos::SYCL m_instance;
  };

  static void bind(int) {}
  static std::string describe(int device) { return oneapi::describe(device); }
  static found_devices find_devices() { return oneapi::find_devices(); }
  static int current_device() { return Kokkos::device_id(); }
  static constexpr bool can_use_several = false;  ///< a queue must share the context of Kokkos' own
};
#endif

/// Calls the function with a std::type_identity of each execution space that torc uses, the host's first.
template <class Function>
void for_each_space(Function&& function) {
#if defined(KOKKOS_ENABLE_SERIAL)
  function(std::type_identity<Kokkos::Serial>());
#endif
#if defined(KOKKOS_ENABLE_OPENMP)
  function(std::type_identity<Kokkos::OpenMP>());
#endif
#if defined(KOKKOS_ENABLE_THREADS)
  function(std::type_identity<Kokkos::Threads>());
#endif
#if defined(KOKKOS_ENABLE_CUDA) && KOKKOS_VERSION >= 40000
  function(std::type_identity<Kokkos::Cuda>());
#endif
#if defined(KOKKOS_ENABLE_HIP) && KOKKOS_VERSION >= 40000
  function(std::type_identity<Kokkos::HIP>());
#endif
#if defined(KOKKOS_ENABLE_SYCL) && KOKKOS_VERSION >= 40500
  function(std::type_identity<Kokkos::SYCL>());
#endif
}

/// Whether the space's bodies run on drivers: its devices are not the host.
template <class Space>
inline constexpr bool has_drivers = space_trait<Space>::dispatch == sched::dispatch::drivers;

/// The devices of this process that the space runs on, as space_trait numbers them.
template <class Space>
std::vector<int> devices_of() {
  if constexpr (has_drivers<Space>)
    return devices_with_drivers();
  else
    return {0};
}

}  // namespace torc::backends::kokkos
