// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "backends/kokkos/spaces.hpp"
#include "core/base/check.hpp"
#include "core/sched/device/device.hpp"

namespace torc::backends::kokkos {

/// An execution space of Kokkos on one device. Lives between Kokkos' initialisation and its end.
template <class Space>
class space_device final : public sched::device {
 public:
  /// `ordinal` is the device as the trait numbers it, `width` how many threads an instance may use, where it has any.
  space_device(int ordinal, int slots, int width)
      : m_space(Space::name()), m_description(trait::describe(ordinal)), m_device(ordinal) {
    for (int i = 0; i < slots; ++i) m_slots.emplace_back(ordinal, width);
  }

  const std::string& space() const noexcept override { return m_space; }
  const std::string& description() const noexcept override { return m_description; }
  sched::dispatch dispatch() const noexcept override { return trait::dispatch; }
  int num_slots() const noexcept override { return static_cast<int>(m_slots.size()); }

  void prepare_thread() override { trait::bind(m_device); }
  const void* instance(int slot) const noexcept override { return &at(slot).handle.instance(); }

  void record(int slot) override { at(slot).handle.record(); }
  bool is_ready(int slot) override { return at(slot).handle.is_ready(); }

  std::exception_ptr explain(std::exception_ptr failure) const override {
    try {
      std::rethrow_exception(failure);
#if KOKKOS_VERSION < 40500
    } catch (const Kokkos::Experimental::RawMemoryAllocationFailure& no_memory) {
      return std::make_exception_ptr(device_error(m_description + ": " + no_memory.get_error_message()));
#endif
    } catch (const std::runtime_error& thrown) {
      if (tells_of_device(thrown.what()))
        return std::make_exception_ptr(device_error(m_description + ": " + thrown.what()));
    } catch (...) {
    }
    return failure;
  }

  void* allocate(int slot, sched::slot_memory kind, std::size_t size_bytes) override {
    slot_state& state = at(slot);
    return kind == sched::slot_memory::device
               ? state.device_blocks.add(state.handle.instance(), size_bytes, m_description)
               : state.host_blocks.add(state.handle.instance(), size_bytes, m_description);
  }

  void deallocate(int slot, sched::slot_memory kind, void* memory) noexcept override {
    if (kind == sched::slot_memory::device)
      at(slot).device_blocks.remove(memory);
    else
      at(slot).host_blocks.remove(memory);
  }

 private:
  /// Kokkos has no type of its own for what a device fails with: only the beginnings of its messages tell.
  static bool tells_of_device(std::string_view what) {
    constexpr std::array<std::string_view, 5> signs{" error( cuda", " error( hip", "failed to allocate memory",
                                                    "memory space failed to allocate", "llocation using MemorySpace"};
    return std::any_of(signs.begin(), signs.end(), [&](std::string_view sign) { return what.find(sign) != what.npos; });
  }

  using trait = space_trait<Space>;

  /// Views rather than kokkos_malloc, which knows only Kokkos' own device and no instance: without one, it would wait
  /// for everything that the process has enqueued. Freeing them does.
  template <class Memory>
  class blocks {
   public:
    void* add(const Space& instance, std::size_t size_bytes, const std::string& description) {
      try {
        m_views.emplace_back(Kokkos::view_alloc(instance, std::string("torc scratch"), Kokkos::WithoutInitializing),
                             std::max<std::size_t>(size_bytes, 1));
      } catch (const std::exception& failure) {
        throw device_error(description + ": no room for " + std::to_string(size_bytes) + " bytes in " + Memory::name() +
                           " memory: " + failure.what());
      }
      return m_views.back().data();
    }

    void remove(void* memory) noexcept {
      const auto found =
          std::find_if(m_views.begin(), m_views.end(), [&](const auto& view) { return view.data() == memory; });
      TORC_CHECK(found != m_views.end());
      m_views.erase(found);
    }

   private:
    std::vector<Kokkos::View<std::byte*, Memory>> m_views;
  };

  struct slot_state {
    slot_state(int ordinal, int width) : handle(ordinal, width) {}
    typename trait::slot handle;
    blocks<typename Space::memory_space> device_blocks;
    blocks<typename trait::host_memory> host_blocks;
  };

  slot_state& at(int slot) noexcept { return m_slots[static_cast<std::size_t>(slot)]; }
  const slot_state& at(int slot) const noexcept { return m_slots[static_cast<std::size_t>(slot)]; }

  std::string m_space;
  std::string m_description;
  int m_device;
  std::deque<slot_state> m_slots;  ///< never moved
};

}  // namespace torc::backends::kokkos
