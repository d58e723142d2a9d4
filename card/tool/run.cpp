// SPDX-License-Identifier: Apache-2.0
// patent-card run: serves virtual cards to a PC/SC service through vpcd, until it is told to stop.
#include <fmt/format.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <mutex>
#include <thread>

#include "card/host/embedded_card.hpp"
#include "card/host/vpcd.hpp"
#include "card/tool/command.hpp"

namespace host::tool {
namespace {

constexpr unsigned kFirstPort = 35963;
constexpr unsigned kMaxPort = 65535;

options::options_description run_options() {
  options::options_description description("Options");
  description.add_options()("host", options::value<std::string>()->default_value("127.0.0.1")->value_name("NAME"),
                            "where vpcd listens")(
      "port", options::value<unsigned>()->default_value(kFirstPort)->value_name("PORT"),
      "the port of the first card's slot; the next card takes the next port")("quiet", "say nothing but `ready`");
  return description;
}

// Says what happens in the slots, and `ready` once, when every card has been inserted.
class Announcer {
public:
  Announcer(std::size_t cards, bool quiet) : missing_(cards), quiet_(quiet), inserted_(cards) {}

  void tell(std::size_t card, const std::string& file, const VpcdSlot& slot, VpcdEvent event) {
    const std::lock_guard lock(mutex_);
    if (!quiet_) std::cerr << fmt::format("{}:{} {}: {}\n", slot.host, slot.port, file, words(event));
    if (event != VpcdEvent::inserted || inserted_[card]) return;
    inserted_[card] = true;
    if (--missing_ == 0) std::cout << "ready" << std::endl;
  }

private:
  static std::string_view words(VpcdEvent event) {
    switch (event) {
      case VpcdEvent::waiting: return "waiting for vpcd";
      case VpcdEvent::inserted: return "inserted";
      case VpcdEvent::removed: return "removed";
    }
    return {};
  }

  std::mutex mutex_;
  std::size_t missing_;
  bool quiet_;
  std::vector<bool> inserted_;
};

// SIGINT, SIGTERM and SIGHUP, held back from every thread and waited for in one.
sigset_t hold_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

struct Slot {
  std::string file;
  VpcdSlot address;
  std::unique_ptr<EmbeddedCard> card;
};

Exit serve_all(std::vector<Slot>& slots, const sigset_t& signals, bool quiet) {
  const int stop = eventfd(0, EFD_CLOEXEC);
  if (stop < 0) return Exit::internal;
  Announcer announcer(slots.size(), quiet);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < slots.size(); ++i)
    threads.emplace_back([&, i] {
      serve(*slots[i].card, slots[i].address, stop,
            [&, i](VpcdEvent event) { announcer.tell(i, slots[i].file, slots[i].address, event); });
    });
  int signal = 0;
  sigwait(&signals, &signal);
  for (auto& slot : slots) slot.card->power_off();
  eventfd_write(stop, 1);
  for (auto& thread : threads) thread.join();
  close(stop);
  return Exit::ok;
}

}  // namespace

Exit run_run(const Command& command, const Words& words) {
  Arguments arguments(command, run_options(), {"FILE..."});
  if (const auto exit = arguments.read(words)) return *exit;
  const auto files = arguments.texts("FILE");
  const unsigned port = arguments.number("port");
  if (port == 0 || port > kMaxPort || files.size() > kMaxPort + 1 - port)
    return report_usage(command, "--port wants 1 to 65535, and one port for each card");
  const sigset_t signals = hold_signals();
  std::vector<Slot> slots;
  for (const auto& file : files) {
    auto card = EmbeddedCard::open(file);
    if (!card) return report_file(file, card.error());
    const auto slot_port = static_cast<std::uint16_t>(port + slots.size());
    slots.push_back({file, {arguments.text("host"), slot_port}, *std::move(card)});
  }
  return serve_all(slots, signals, arguments.given("quiet"));
}

}  // namespace host::tool
