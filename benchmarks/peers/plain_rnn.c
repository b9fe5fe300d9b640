// Peer "plain C": the same algorithm on one core, without libraries, as close to the machine as plain C gets.
// B streams, T time steps, H hidden units, V vocabulary. Rows are padded with zeros to a multiple of 16 floats.
// Matrices lie as (in, out), so that every product runs along contiguous rows of its right factor.
#include "corpus.h"
#include "matrix.h"
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

enum { LANES = 16 };

typedef struct {
  float *wxh, *whh, *why, *bh, *by; // (V,Hp) (H,Hp) (H,Vp) (Hp) (Vp), one after the other in memory
} Parameters;

static int H = 100, T = 25, B = 1, V, Hp, Vp;
static float learning_rate = 0.1f;
static Corpus corpus;
static long position, stream_length, parameter_count;
static Parameters param, grad, memory;
static float *whh_back, *why_back;                   // (H out, Hp in), (V out, Hp in): transposed for the backward pass
static float *hidden, *hidden_before, *probs, *draw; // (T,B,Hp), (T,B,Hp) one step earlier, (T,B,Vp), (T,B,Hp)
static int *inputs, *targets;                        // (T,B)

static float *floats(long count) {
  size_t bytes = ((size_t)count * sizeof(float) + 63) / 64 * 64;
  float *block = aligned_alloc(64, bytes);
  if (!block) fail("no memory for", "the model");
  return memset(block, 0, bytes);
}

static Parameters allocate_parameters(void) {
  float *at = floats(parameter_count);
  Parameters p = {at, at + (long)V * Hp, at + (long)(V + H) * Hp, 0, 0};
  p.bh = p.why + (long)H * Vp;
  p.by = p.bh + Hp;
  return p;
}

static void next_window(void) {
  if (position + T + 1 >= stream_length) position = 0;
  if (position == 0) memset(hidden_before, 0, sizeof(float) * (size_t)B * Hp);
  for (int t = 0; t < T; t++)
    for (int b = 0; b < B; b++) {
      inputs[t * B + b] = corpus.indices[b * stream_length + position + t];
      targets[t * B + b] = corpus.indices[b * stream_length + position + t + 1];
    }
  position += T;
}

// h_t = tanh(Wxh x_t + Whh h_{t-1} + bh); all the logits follow in one product. hidden_before holds h_{-1} .. h_{T-1}.
static void forward(void) {
  for (int t = 0; t < T; t++) {
    float *before = hidden_before + (long)t * B * Hp, *now = before + (long)B * Hp;
    for (int b = 0; b < B; b++)
      for (int j = 0; j < Hp; j++) now[b * Hp + j] = param.bh[j] + param.wxh[(long)inputs[t * B + b] * Hp + j];
    multiply_add(B, Hp, H, before, Hp, 1, param.whh, now);
    for (int j = 0; j < B * Hp; j++) now[j] = tanhf(now[j]);
  }
  for (int n = 0; n < T * B; n++) memcpy(probs + (long)n * Vp, param.by, sizeof(float) * (size_t)Vp);
  multiply_add(T * B, Vp, H, hidden, Hp, 1, param.why, probs);
}

// Turns the logits into dy = (softmax - onehot(target)) / B; returns the loss in nats summed over t, averaged over b.
static float softmax_loss(void) {
  float loss = 0;
  for (int n = 0; n < T * B; n++) {
    float *restrict y = probs + (long)n * Vp, top = y[0], sum = 0;
    for (int v = 0; v < V; v++) top = y[v] > top ? y[v] : top;
    loss += top - y[targets[n]];
    for (int v = 0; v < V; v++) y[v] = expf(y[v] - top);
    for (int v = 0; v < V; v++) sum += y[v];
    loss += logf(sum);
    for (int v = 0; v < V; v++) y[v] *= 1 / (sum * B);
    y[targets[n]] -= 1.0f / B;
  }
  return loss / B;
}

// Backward mirrors forward: draw holds dh = Why' dy + dhnext, then dhraw = (1 - h^2) dh.
static void backward(void) {
  memset(grad.wxh, 0, sizeof(float) * (size_t)parameter_count);
  memset(draw, 0, sizeof(float) * (size_t)T * B * Hp);
  multiply_add(H, Vp, T * B, hidden, 1, Hp, probs, grad.why);
  for (int n = 0; n < T * B; n++)
    for (int v = 0; v < Vp; v++) grad.by[v] += probs[(long)n * Vp + v];
  multiply_add(T * B, Hp, V, probs, Vp, 1, why_back, draw);
  for (int t = T - 1; t >= 0; t--) {
    float *restrict now = draw + (long)t * B * Hp;
    const float *restrict h = hidden + (long)t * B * Hp;
    if (t < T - 1) multiply_add(B, Hp, H, now + (long)B * Hp, Hp, 1, whh_back, now);
    for (int j = 0; j < B * Hp; j++) now[j] *= 1 - h[j] * h[j];
  }
  for (int n = 0; n < T * B; n++)
    for (int j = 0; j < Hp; j++) {
      grad.bh[j] += draw[(long)n * Hp + j];
      grad.wxh[(long)inputs[n] * Hp + j] += draw[(long)n * Hp + j];
    }
  multiply_add(H, Hp, T * B, hidden_before, 1, Hp, draw, grad.whh);
}

// mem += d^2; param -= lr d / sqrt(mem + 1e-8), after clipping d to [-5, 5]
static void adagrad(void) {
  float *restrict p = param.wxh, *restrict g = grad.wxh, *restrict m = memory.wxh;
  for (long i = 0; i < parameter_count; i++) {
    const float d = g[i] > 5 ? 5 : g[i] < -5 ? -5 : g[i];
    m[i] += d * d;
    p[i] -= learning_rate * d / sqrtf(m[i] + 1e-8f);
  }
}

static void transpose_for_backward(void) {
  transpose(H, H, param.whh, Hp, whh_back, Hp);
  transpose(H, V, param.why, Vp, why_back, Hp);
}

static float train_step(void) {
  next_window();
  forward();
  const float loss = softmax_loss();
  backward();
  adagrad();
  transpose_for_backward();
  memcpy(hidden_before, hidden_before + (long)T * B * Hp, sizeof(float) * (size_t)B * Hp);
  return loss;
}

// A standard normal value by Box and Muller from a 64-bit xorshift generator.
static float normal(void) {
  static uint64_t state = 88172645463325252u;
  double uniform[2];
  for (int i = 0; i < 2; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    uniform[i] = ((double)(state >> 11) + 0.5) / 9007199254740992.0;
  }
  return (float)(sqrt(-2 * log(uniform[0])) * cos(6.283185307179586 * uniform[1]));
}

static float next_weight(FILE *file) {
  float value;
  if (!file) return 0.01f * normal();
  if (fread(&value, sizeof value, 1, file) != 1) fail("too few weights in", "the file");
  return value;
}

// The file's order and orientation are the specification's: Wxh (H,V), Whh (H,H), Why (V,H), little-endian float32.
static void set_weights(const char *path) {
  FILE *file = path ? fopen(path, "rb") : 0;
  if (path && !file) fail("cannot open", path);
  for (int j = 0; j < H; j++)
    for (int v = 0; v < V; v++) param.wxh[(long)v * Hp + j] = next_weight(file);
  for (int j = 0; j < H; j++)
    for (int i = 0; i < H; i++) param.whh[(long)i * Hp + j] = next_weight(file);
  for (int v = 0; v < V; v++)
    for (int i = 0; i < H; i++) param.why[(long)i * Vp + v] = next_weight(file);
  if (file) fclose(file);
  transpose_for_backward();
}

static void create(const char *corpus_path, const char *weights_path) {
  corpus = load_corpus(corpus_path);
  V = corpus.vocabulary_size;
  Hp = (H + LANES - 1) / LANES * LANES;
  Vp = (V + LANES - 1) / LANES * LANES;
  stream_length = corpus.length / B;
  if (stream_length <= T + 1) fail("too short for these sizes:", corpus_path);
  parameter_count = (long)(V + H + 1) * Hp + (long)(H + 1) * Vp;
  param = allocate_parameters(), grad = allocate_parameters(), memory = allocate_parameters();
  whh_back = floats((long)H * Hp), why_back = floats((long)V * Hp);
  hidden_before = floats((long)(T + 1) * B * Hp), hidden = hidden_before + (long)B * Hp;
  probs = floats((long)T * B * Vp), draw = floats((long)T * B * Hp);
  inputs = malloc(sizeof(int) * (size_t)(T * B)), targets = malloc(sizeof(int) * (size_t)(T * B));
  set_weights(weights_path);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static const char *option(int count, char **arguments, const char *name, const char *fallback) {
  for (int i = 1; i + 1 < count; i += 2)
    if (!strcmp(arguments[i], name)) return arguments[i + 1];
  return fallback;
}

int main(int count, char **arguments) {
  H = atoi(option(count, arguments, "--hidden-size", "100"));
  T = atoi(option(count, arguments, "--seq-length", "25"));
  B = atoi(option(count, arguments, "--batch-size", "1"));
  learning_rate = strtof(option(count, arguments, "--learning-rate", "0.1"), 0);
  create(option(count, arguments, "--corpus", "input.txt"), option(count, arguments, "--weights", 0));
  printf("{\"ready\": true, \"name\": \"plain C\", \"version\": \"%s\", ", COMPILER);
  printf("\"details\": {\"dtype\": \"float32\"}}\n");
  fflush(stdout);
  char line[64];
  int steps;
  while (fgets(line, sizeof line, stdin) && sscanf(line, "run %d", &steps) == 1) {
    const double start = seconds();
    float loss = 0;
    for (int i = 0; i < steps; i++) loss = train_step();
    printf("{\"seconds\": %.9f, \"loss\": %.9g}\n", seconds() - start, (double)loss);
    fflush(stdout);
  }
}
