"""Writes by functions that sct does not read: of the standard library, of objects, of methods under another name."""

# ruff: noqa

import bisect
import collections
import heapq
import itertools
import operator
import random
import types

import numpy as np


class Shuffler:
    def swap(self, items):
        items[0], items[2] = items[2], items[0]


SHUFFLER = Shuffler()
STATE = {"k": 0}


def _advance():
    STATE["k"] += 1
    return STATE["k"]


def _smallest_after_push(heap):
    heapq.heappush(heap, 0)
    return heap[0]


def _negative_into(p, q):
    np.negative(p.copy(), out=p)
    p = p * 2.0
    np.multiply(p, q, out=p)
    return q


def _copied_onto(p, q):
    np.copyto(p, np.ones(3))
    return q


def object_swaps_indices(x, y):
    order = [0, 1, 2]
    s = y
    for _ in range(2):
        SHUFFLER.swap(order)
        s = s * x[order[0]] + np.sin(s)
    return s


def generator_shuffles_indices(x, y):
    order = np.arange(3)
    s = y
    rng = np.random.default_rng(3)
    for _ in range(3):
        rng.shuffle(order)
        s = s * x[order[0]] + np.sin(s)
    return s


def random_shuffles_indices(x, y):
    rng = random.Random(3)
    order = [0, 1, 2]
    s = y
    for _ in range(3):
        rng.shuffle(order)
        s = s * x[order[0]] + np.sin(s)
    return s


def heap_of_indices(x, y):
    heap = [2]
    s = x[heap[0]] * y
    heapq.heappush(heap, 1)
    s = s * x[heap[0]]
    heapq.heappush(heap, 0)
    return np.sin(s) * x[heap[0]]


def queue_by_distance(x, y):
    heap = [(3, 0), (1, 1), (2, 2)]
    heapq.heapify(heap)
    s = y
    while heap:
        distance, i = heapq.heappop(heap)
        s = s * x[i] + np.sin(s) * distance
        if distance == 1:
            heapq.heappush(heap, (5, 0))
    return s


def heap_in_helper(x, y):
    heap = [1, 2]
    s = x[heap[0]] * y
    i = _smallest_after_push(heap)
    return s * x[heap[0]] * x[i]


def sorted_insertion(x, y):
    places = [1, 2]
    s = x[places[0]] * y
    bisect.insort(places, 0)
    s = s * x[places[0]]
    return np.sin(s) * x[places[0]]


def weights_scaled_by_operator(x, y):
    w = np.array([1.0, 2.0, 3.0])
    s = np.sum(w * x)
    operator.imul(w, 3.0)
    return s * np.sum(w * x) * y


def weights_sorted_by_type(x, y):
    w = np.array([3.0, 2.0, 1.0])
    s = np.sum(w * x)
    np.ndarray.sort(w)
    return s * np.sum(w * x) * y


def list_sorted_by_type(x, y):
    w = [3.0, 2.0, 1.0]
    s = w[0] * x[0]
    list.sort(w)
    return s * w[0] * x[0] * y


def ufunc_at_weights(x, y):
    w = np.array([3.0, 2.0, 1.0])
    v = w[::-1]
    s = np.sum(v * x)
    np.negative.at(w, [0])
    np.maximum.at(w, [1], 7.0)
    return s * np.sum(v * x) * y


def real_part_of_weights_set(x, y):
    w = np.array([3.0, 2.0, 1.0])
    s = np.sum(w * x)
    w.real = 2.0
    return s * np.sum(w * x) * y


def deque_turned(x, y):
    queue = collections.deque([0, 1, 2])
    s = x[queue[0]] * y
    queue.rotate(1)
    s = s * x[queue[0]]
    queue.popleft()
    return np.sin(s) * x[queue[0]]


def set_grows(x, y):
    seen = {1, 2}
    s = len(seen) * x[0]
    seen.add(5)
    return s * len(seen) * x[0] * y


def seen_once(x, y):
    seen = set()
    s = y
    for i in [0, 1, 1, 2]:
        if i in seen:
            continue
        seen.add(i)
        s = s * x[i] + np.sin(s) * len(seen)
    return s


def counter_of_visits(x, y):
    visits = collections.Counter()
    s = y
    for i in [0, 1, 1]:
        visits[i] += 1
        s = s * x[i] * visits[i]
    return np.sin(s)


def counted_by_itertools(x, y):
    count = itertools.count()
    s = x[next(count)] * y
    s = s * x[next(count)]
    return np.sin(s) * x[next(count)]


def fill_under_a_name(x, y):
    w = np.array([3.0, 2.0, 1.0])
    s = np.sum(w * x)
    fill = w.fill
    fill(2.0)
    return s * np.sum(w * x) * y


def method_chosen_by_name(x, y):
    w = [2, 1]
    s = x[w[0]] * y
    for put in (w.insert, w.insert):
        put(0, 0)
    return np.sin(s) * x[w[0]]


def append_under_a_name(x, y):
    out = []
    add = out.append
    for i in range(3):
        add(x[i] * y)
    return out[0] * out[1] + out[2]


def insert_in_comprehension(x, y):
    w = [2, 1]
    s = x[w[0]] * y
    [w.insert(0, 0) for _ in range(1)]
    return np.sin(s) * x[w[0]]


def slots_swapped_and_looped(x, y):
    w = [2, 1, 0]
    s = x[w[0]] * y
    w[0], w[1] = w[1], w[0]
    s = s * x[w[0]]
    del w[0]
    s = np.sin(s) * x[w[0]]
    for w[0] in range(2):
        s = np.sin(s) * x[w[0]]
    return s


def taken_in_tests(x, y):
    places = [2, 0, 1]
    s = x[places[0]] * y
    if places.pop() > 0:
        s = s * x[places[0]]
    if heapq.heappop(places) == 0:
        s = np.sin(s) * x[places[0]]
    return s


def global_counter(x, y):
    STATE["k"] = 0
    s = x[STATE["k"]] * y
    STATE["k"] += 1
    s = s * x[STATE["k"]]
    if STATE["k"] > 0:
        STATE["k"] += 1
        s = s + np.sin(s)
    return np.sin(s) * x[STATE["k"]]


def global_counter_in_helper(x, y):
    STATE["k"] = 0
    s = x[STATE["k"]] * y
    _advance()
    s = s * x[STATE["k"]]
    k = _advance()
    return np.sin(s) * x[STATE["k"]] * k


def out_in_helper(x, y):
    return np.sum(_negative_into(x, y)) * x[0]


def copyto_in_helper(x, y):
    return _copied_onto(x, y) * x[1]


def store_through_transpose(x, y):
    a = np.outer(x, x)
    a.T[0] = y * x
    a.T[1, 1:] += x[:2]
    return np.sum(a * a[0])


def store_through_call(x, y):
    a = np.zeros((3, 2))
    a.T[0] = x
    a.reshape(2, 3)[0] *= y
    for i in range(3):
        a.reshape(-1)[i] = x[i] * y
        a.ravel()[-i] += x[i]
    return np.sum(a * a[0])


def store_through_helper(x, y):
    _itself(x)[0] = y * x[1]
    return np.sum(x * x) * x[0]


def _itself(a):
    return a


def store_through_flat(x, y):
    a = np.outer(x, x)
    a.flat[2] = y
    a.flat[4] += y * x[0]
    return np.sum(a * a[0])


ROWS = [np.array([1.0, 2.0, 3.0]), np.array([0.5, 1.5, 2.5])]


def part_of_a_global_under_two_names(x, y):
    one = ROWS[0]
    other = ROWS[0]
    one[1] = y[0]
    product = other * x
    one[1] = 2.0
    return product


def broadcast_then_written(x, y):
    u, v = np.broadcast_arrays(x, y)
    w = u * v
    x[0] = y
    return w[0] + u[0]


class Counter:
    def __init__(self):
        self.k = 0

    def step(self):
        self.k += 1
        return self.k


class Owner:
    def __init__(self):
        self.counter = Counter()
        self.counters = [Counter()]
        self.me = self

    def go(self):
        self.counter.k += 1
        self.counters[0].k += 2
        self.me.counters.append(Counter())


def attribute_counts(x, y):
    place = types.SimpleNamespace(k=0)
    s = x[place.k] * y
    place.k += 1
    s = s * x[place.k]
    place.k += 1
    return np.sin(s) * x[place.k]


def method_counts(x, y):
    counter = Counter()
    s = x[counter.k] * y
    counter.step()
    s = s * x[counter.k]
    return np.sin(s) * x[counter.step()]


def objects_in_objects(x, y):
    owner = Owner()
    s = x[owner.counter.k] * y * len(owner.counters)
    owner.go()
    s = s * x[owner.counter.k] * x[owner.counters[0].k] * len(owner.counters)
    owner.counters[0].k = 0
    owner.counter = Counter()
    return np.sin(s) * x[owner.counters[0].k] * x[owner.counter.k]


def objects_in_list(x, y):
    counters = [Counter(), Counter()]
    s = x[counters[0].k] * y
    counters[0].step()
    s = s * x[counters[0].k]
    for counter in counters:
        counter.step()
        s = s * x[counter.k] + np.sin(s)
    return s


def indices_grow_in_place(x, y):
    places = [0, 1]
    same = places
    s = x[same[0]] * y
    places += [2]
    places[0] = 2
    s = s * x[same[0]]
    same[1:] = [0]
    return np.sin(s) * x[places[1]]


def weights_repeated_in_place(x, y):
    w = [1.0, 2.0, 3.0]
    s = sum(w) * x[0]
    w[:] = [v * 2 for v in w]
    s = s * sum(w) * x[1]
    w *= 2
    return s * len(w) * y


class Totals:
    count = 0


CACHE = {}
WEIGHTS = np.array([1.0, 2.0, 3.0])
SCALE = 1.0


def _doubled(i):
    if i not in CACHE:
        CACHE[i] = i * 2.0
    return CACHE[i]


def _scaled(x):
    global SCALE
    SCALE = SCALE + 1.0
    return x * SCALE


def _collected(v, out=None):
    if out is None:
        out = []
    out.append(v)
    return out


def class_counts(x, y):
    Totals.count = 0
    s = x[Totals.count] * y
    Totals.count += 1
    s = s * x[Totals.count]
    Totals.count = 2
    return np.sin(s) * x[Totals.count]


def global_cache(x, y):
    CACHE.clear()
    s = y
    for i in range(3):
        s = s * x[i] * _doubled(i + 1) + np.sin(s)
    CACHE.clear()
    return s * _doubled(1)


def global_weights(x, y):
    global SCALE
    WEIGHTS[:] = [1.0, 2.0, 3.0]
    s = np.sum(WEIGHTS * x) * y
    WEIGHTS[0] = 5.0
    s = s * np.sum(WEIGHTS * x)
    SCALE = 3.0
    s = s * SCALE
    SCALE = 4.0
    return np.sin(s) * SCALE


def global_read_beside_call(x, y):
    global SCALE
    SCALE = 0.0
    return _scaled(x[0]) * _scaled(y) * _scaled(x[1]) + SCALE * x[2]


def list_made_on_demand(x, y):
    out = _collected(x[0] * y)
    out = _collected(x[1], out)
    _collected(y * y, out=out)
    return out[0] * out[1] + out[2]


def _square(s):
    return s * s


def stored_where_a_call_read(x, y):
    x[[0, 0, 1]] = _square(x)

    def scale(p):
        np.multiply(x, p, out=x)

    scale(-0.7)
    return np.sum(x * x[::-1]) * y


def _bumped(place):
    place[0] += 1
    return place[0]


def read_before_the_call(x, y):
    place = [0]

    def advance():
        place[0] += 1
        return place[0]

    return x[place[0]] * x[advance()] * x[advance()] * y + x[place[0]]


def members_around_the_call(x, y):
    place = [0]
    parts = [x[place[0]], x[_bumped(place)], y * x[place[0]]]
    return parts[0] * parts[1] + parts[2]


def index_called_after_the_value(x, y):
    place = [0]
    z = x * 1.0
    z[_bumped(place)] = y * x[place[0]] * place[0]
    z[place[0]], z[_bumped(place)] = y, x[place[0]]
    z[_bumped(place) - 1] *= y
    return np.sum(z * x) * place[0]


ORDER = [0, 1, 2]
STATE = {"k": 0}
TURNING = [0, 1, 2]
PLACES = np.array([0, 1, 2])


class Counted:
    n = 0
    q = [0]


def _start_again():
    ORDER[:] = [0, 1, 2]
    STATE["k"] = 0
    Counted.q[:] = [0]


def _turn(q):
    q[0] = (q[0] + 1) % 3


def loop_over_a_changing_global(x, y):
    _start_again()
    s = 1.0
    for k in ORDER:
        s = s * x[k] + s * y[k]
        ORDER[2] = 0
    return s


def loop_over_a_copy_of_a_changing_global(x, y):
    _start_again()
    s = 1.0
    q = list(ORDER)
    for k in q:
        s = s * x[k] + s * y[k]
        ORDER[2] = 0
    return s


def other_name_of_a_changing_global(x, y):
    _start_again()
    s = 1.0
    q = ORDER
    for k in range(3):
        s = s * x[q[0]] + s * y[k]
        ORDER[0] = 2
    return s


def changing_global_written_by_another_name(x, y):
    _start_again()
    s = 1.0
    q = ORDER
    for k in ORDER:
        s = s * x[k] + s * y[k]
        q[2] = 0
    return s


def global_that_is_looped_over_written_by_another_name(x, y):
    _start_again()
    s = 1.0
    q = ORDER
    for k in ORDER:
        s = s * x[k] + s * y[k]
        q[2] = 0
    q[2] = 2
    return s


def other_name_of_a_changing_global_tested(x, y):
    _start_again()
    s = 1.0
    q = ORDER
    if q:
        s = s * x[0]
        ORDER.clear()
    return s * y[0]


def other_name_of_a_changing_attribute(x, y):
    _start_again()
    s = 1.0
    q = Counted.q
    for k in range(3):
        s = s * x[q[0]] + s * y[k]
        Counted.q[0] = 2
    return s


def global_written_by_another_name(x, y):
    q = TURNING
    s = 1.0
    for k in range(3):
        s = s * x[TURNING[0]] + s * y[k]
        q[0] = (q[0] + 1) % 3
    return s


def global_written_by_a_helper(x, y):
    s = 1.0
    for k in range(3):
        s = s * x[TURNING[0]] + s * y[k]
        _turn(TURNING)
    return s


def global_written_by_a_view(x, y):
    s = 1.0
    v = PLACES[1:]
    for k in range(3):
        s = s * x[PLACES[1]] + s * y[k]
        v[0] = (v[0] + 1) % 3
    return s


V3 = np.array([1.6737, 0.5037, -0.0963])
CASES = {
    "object_swaps_indices": [(V3, 1.2)],
    "generator_shuffles_indices": [(V3, 1.2)],
    "random_shuffles_indices": [(V3, 1.2)],
    "heap_of_indices": [(V3, 1.2)],
    "queue_by_distance": [(V3, 1.2)],
    "heap_in_helper": [(V3, 1.2)],
    "sorted_insertion": [(V3, 1.2)],
    "weights_scaled_by_operator": [(V3, 1.2)],
    "weights_sorted_by_type": [(V3, 1.2)],
    "list_sorted_by_type": [(V3, 1.2)],
    "ufunc_at_weights": [(V3, 1.2)],
    "real_part_of_weights_set": [(V3, 1.2)],
    "deque_turned": [(V3, 1.2)],
    "set_grows": [(V3, 1.2)],
    "seen_once": [(V3, 1.2)],
    "counter_of_visits": [(V3, 1.2)],
    "counted_by_itertools": [(V3, 1.2)],
    "fill_under_a_name": [(V3, 1.2)],
    "method_chosen_by_name": [(V3, 1.2)],
    "append_under_a_name": [(V3, 1.2)],
    "insert_in_comprehension": [(V3, 1.2)],
    "slots_swapped_and_looped": [(V3, 1.2)],
    "taken_in_tests": [(V3, 1.2)],
    "global_counter": [(V3, 1.2)],
    "global_counter_in_helper": [(V3, 1.2)],
    "out_in_helper": [(V3, 1.2)],
    "copyto_in_helper": [(V3, 1.2)],
    "store_through_transpose": [(V3, 1.2)],
    "store_through_call": [(V3, 1.2)],
    "store_through_helper": [(V3, 1.2)],
    "store_through_flat": [(V3, 1.2)],
    "part_of_a_global_under_two_names": {"args": [(V3, V3[::-1] * 0.5)], "expect": "any"},
    "broadcast_then_written": {"args": [(V3, 1.2)], "expect": "any"},
    "attribute_counts": [(V3, 1.2)],
    "method_counts": [(V3, 1.2)],
    "objects_in_objects": [(V3, 1.2)],
    "objects_in_list": [(V3, 1.2)],
    "indices_grow_in_place": [(V3, 1.2)],
    "weights_repeated_in_place": [(V3, 1.2)],
    "class_counts": [(V3, 1.2)],
    "global_cache": [(V3, 1.2)],
    "global_weights": {"args": [(V3, 1.2)], "expect": "any"},
    "global_read_beside_call": {"args": [(V3, 1.2)], "expect": "any"},
    "list_made_on_demand": [(V3, 1.2)],
    "stored_where_a_call_read": [(V3, 1.2)],
    "read_before_the_call": [(V3, 1.2)],
    "members_around_the_call": [(V3, 1.2)],
    "index_called_after_the_value": [(V3, 1.2)],
}
CASES |= {
    "loop_over_a_changing_global": {"args": [(V3, V3 + 1.0)], "expect": "any"},
    "loop_over_a_copy_of_a_changing_global": [(V3, V3 + 1.0)],
    "other_name_of_a_changing_global": {"args": [(V3, V3 + 1.0)], "expect": "any"},
    "changing_global_written_by_another_name": {"args": [(V3, V3 + 1.0)], "expect": "any"},
    "global_that_is_looped_over_written_by_another_name": {"args": [(V3, V3 + 1.0)], "expect": "any"},
    "other_name_of_a_changing_global_tested": {"args": [(V3, V3 + 1.0)], "expect": "any"},
    "other_name_of_a_changing_attribute": {"args": [(V3, V3 + 1.0)], "expect": "any"},
    "global_written_by_another_name": [(V3, V3 + 1.0)],
    "global_written_by_a_helper": [(V3, V3 + 1.0)],
    "global_written_by_a_view": [(V3, V3 + 1.0)],
}
