// SPDX-License-Identifier: Apache-2.0
#include "samples/finger_drawing.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>

namespace {

constexpr int kWidth = 300;
constexpr int kHeight = 400;
constexpr double kRidge = 9.0;  // pixels from one ridge to the next at 500 per inch

// Arches around a core: the phase of a wave whose crests are the ridges.
class Ridges {
public:
  explicit Ridges(unsigned seed) : random_(seed) {
    core_x_ = kWidth / 2.0 + uniform(-25, 25);
    core_y_ = kHeight * 0.45 + uniform(-30, 30);
    lean_ = uniform(-0.4, 0.4);
    whorl_ = uniform(0.55, 1.25);
    for (auto& wave : waves_) wave = {uniform(0.008, 0.03), uniform(0.008, 0.03), uniform(0, 6.28), uniform(0.8, 2.4)};
  }

  unsigned char at(int column, int row) {
    const double x = column - core_x_, y = row - core_y_;
    const double u = (column - kWidth / 2.0) / (kWidth * 0.46), v = (row - kHeight / 2.0) / (kHeight * 0.47);
    const double edge = u * u + v * v;  // below 1: the finger touches the glass
    const double noise = grain_(random_);
    if (edge > 1) return grey(244 + noise / 3);
    double phase = 6.2832 / kRidge * std::hypot(x + lean_ * y, whorl_ * y);
    for (const auto& w : waves_) phase += w.height * std::sin(w.across * column + w.down * row + w.start);
    const double ridge = 0.5 + 0.5 * std::sin(phase);
    return grey(232 - 178 * ridge * std::min(1.0, 4 * (1 - edge)) + noise);
  }

private:
  struct Wave {
    double across, down, start, height;
  };
  static unsigned char grey(double value) { return static_cast<unsigned char>(std::clamp(value, 0.0, 255.0)); }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }

  std::mt19937 random_;
  std::normal_distribution<double> grain_{0.0, 7.0};
  double core_x_ = 0, core_y_ = 0, lean_ = 0, whorl_ = 0;
  Wave waves_[3]{};
};

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* handle) const {
    destroy(handle);
  }
};

// What OpenJPEG writes, with a place in it: it goes back to fill in lengths.
struct Sink {
  std::vector<unsigned char> octets;
  std::size_t at = 0;
};

OPJ_SIZE_T write_sink(void* data, OPJ_SIZE_T count, void* user) {
  auto& sink = *static_cast<Sink*>(user);
  sink.octets.resize(std::max(sink.octets.size(), sink.at + count));
  std::memcpy(sink.octets.data() + sink.at, data, count);
  sink.at += count;
  return count;
}

OPJ_BOOL seek_sink(OPJ_OFF_T to, void* user) {
  static_cast<Sink*>(user)->at = static_cast<std::size_t>(to);
  return OPJ_TRUE;
}

OPJ_OFF_T skip_sink(OPJ_OFF_T count, void* user) {
  static_cast<Sink*>(user)->at += static_cast<std::size_t>(count);
  return count;
}

}  // namespace

std::vector<unsigned char> draw_finger(unsigned seed) {
  opj_image_cmptparm_t grey{};
  grey.dx = grey.dy = 1;
  grey.w = kWidth;
  grey.h = kHeight;
  grey.prec = 8;
  const std::unique_ptr<opj_image_t, Destroy<opj_image_destroy>> image(opj_image_create(1, &grey, OPJ_CLRSPC_GRAY));
  image->x1 = kWidth;
  image->y1 = kHeight;
  Ridges ridges(seed);
  for (int row = 0; row < kHeight; ++row)
    for (int column = 0; column < kWidth; ++column)
      image->comps[0].data[row * kWidth + column] = ridges.at(column, row);

  Sink sink;
  const std::unique_ptr<opj_stream_t, Destroy<opj_stream_destroy>> stream(opj_stream_default_create(OPJ_FALSE));
  const std::unique_ptr<opj_codec_t, Destroy<opj_destroy_codec>> codec(opj_create_compress(OPJ_CODEC_JP2));
  opj_stream_set_user_data(stream.get(), &sink, nullptr);
  opj_stream_set_write_function(stream.get(), write_sink);
  opj_stream_set_seek_function(stream.get(), seek_sink);
  opj_stream_set_skip_function(stream.get(), skip_sink);
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  parameters.tcp_rates[0] = 13;  // of the raw size: what fingers at 500 per inch bear
  parameters.cp_disto_alloc = 1;
  parameters.irreversible = 1;
  if (!opj_setup_encoder(codec.get(), &parameters, image.get()) ||
      !opj_start_compress(codec.get(), image.get(), stream.get()) || !opj_encode(codec.get(), stream.get()) ||
      !opj_end_compress(codec.get(), stream.get()))
    return {};
  return std::move(sink.octets);
}
