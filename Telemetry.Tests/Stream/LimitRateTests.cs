using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Stream;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Stream;

public class LimitRateTests
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(40);

    readonly Marbles _marbles = new();

    // Letters are keys, the rest is the value; a value with ! is urgent.
    IObservable<string> Limited(IObservable<string> source) =>
        source.LimitRate(value => value[0], Interval, (_, value) => value.EndsWith('!'), _marbles.Scheduler);

    [Fact]
    public void A_lone_value_goes_out_at_once() =>
        _marbles.Run<string, string>(Limited, 1000, (100, "a1")).Should().Equal((100, "a1"));

    [Fact]
    public void Of_a_burst_the_first_goes_out_at_once_and_the_last_when_the_interval_is_over() =>
        _marbles.Run<string, string>(Limited, 1000, (100, "a1"), (105, "a2"), (139, "a3")).Should().Equal((100, "a1"), (140, "a3"));

    [Fact]
    public void A_steady_stream_gives_one_value_each_interval()
    {
        var inputs = Enumerable.Range(0, 100).Select(i => (At: i * 10.0, Value: $"a{i}")).ToList();
        var outputs = _marbles.Run<string, string>(Limited, 2000, inputs);
        outputs.Select(output => output.At).Should().Equal(Enumerable.Range(0, 26).Select(i => i * 40.0));
        outputs[^1].Value.Should().Be("a99");
    }

    [Fact]
    public void After_a_trailing_value_the_interval_starts_anew() =>
        _marbles.Run<string, string>(Limited, 1000, (0, "a1"), (10, "a2"), (50, "a3")).Should().Equal((0, "a1"), (40, "a2"), (80, "a3"));

    [Fact]
    public void A_value_after_the_interval_waits_for_nothing() =>
        _marbles.Run<string, string>(Limited, 1000, (0, "a1"), (40, "a2"), (85, "a3")).Should().Equal((0, "a1"), (40, "a2"), (85, "a3"));

    [Fact]
    public void Keys_do_not_affect_each_other() =>
        _marbles.Run<string, string>(Limited, 1000, (0, "a1"), (10, "b1"), (11, "b2"), (30, "a2"))
            .Should().Equal((0, "a1"), (10, "b1"), (40, "a2"), (50, "b2"));

    [Fact]
    public void An_urgent_value_goes_out_at_once_and_answers_for_what_waited() =>
        _marbles.Run<string, string>(Limited, 1000, (0, "a1"), (10, "a2"), (20, "a3!"), (25, "a4"))
            .Should().Equal((0, "a1"), (20, "a3!"), (60, "a4"));

    [Fact]
    public void Urgent_values_in_turn_go_out_as_seldom_as_others_and_the_last_is_not_lost()
    {
        var inputs = Enumerable.Range(0, 4000).Select(i => (At: i * 0.25, Value: $"a{i}{(i % 2 == 0 ? "" : "!")}")).ToList();
        var outputs = _marbles.Run<string, string>(Changes(Interval), 2000, inputs);
        outputs[0].Should().Be((0, "a0"));
        outputs[1].Should().Be((0.25, "a1!"), "the first change goes out at once");
        outputs.Should().HaveCountLessThanOrEqualTo(2 + 2 * 1000 / 40);
        outputs[^1].Value.Should().Be("a3999!");
        outputs[^1].At.Should().BeLessThanOrEqualTo(1000 + 40);
    }

    [Fact]
    public void A_few_changes_in_a_row_all_go_out_at_once() =>
        _marbles.Run<string, string>(Changes(Interval), 1000, (0, "a1"), (1, "a2!"), (2, "a3"), (3, "a4!"), (4, "a5"))
            .Should().Equal((0, "a1"), (1, "a2!"), (2, "a3"), (3, "a4!"), (4, "a5"));

    [Fact]
    public void Many_changes_wait_for_each_other_a_second_at_most_however_long_the_interval()
    {
        var inputs = Enumerable.Range(0, 20).Select(i => (At: i * 10.0, Value: $"a{i}{(i % 2 == 0 ? "" : "!")}")).Append((At: 10_000, Value: "a20")).ToList();
        var outputs = _marbles.Run<string, string>(Changes(TimeSpan.FromMinutes(1)), 100_000, inputs);
        outputs.Take(9).Should().Equal(inputs.Take(9), "a few are let through at once");
        outputs.Skip(9).Select(output => output.Value).Should().Equal("a9!", "a20");
        outputs[9].At.Should().BeLessThanOrEqualTo(1190);
        outputs[10].At.Should().Be(10_000);
    }

    // A change between ! and none is urgent, either way.
    Func<IObservable<string>, IObservable<string>> Changes(TimeSpan interval) => source =>
        source.LimitRate(value => value[0], interval, (before, value) => before.EndsWith('!') != value.EndsWith('!'), _marbles.Scheduler);

    [Fact]
    public void A_zero_interval_lets_everything_through() =>
        _marbles.Run<string, string>(source => source.LimitRate(value => value[0], TimeSpan.Zero, (_, _) => false, _marbles.Scheduler), 10,
            (0, "a1"), (0, "a2"), (1, "a3")).Should().Equal((0, "a1"), (0, "a2"), (1, "a3"));

    [Fact]
    public void The_end_of_the_source_lets_out_what_waits()
    {
        var source = new Subject<string>();
        var seen = new List<Notification<string>>();
        Limited(source).Materialize().Subscribe(seen.Add);
        source.OnNext("a1");
        source.OnNext("a2");
        source.OnCompleted();
        seen.Should().Equal(Notification.CreateOnNext("a1"), Notification.CreateOnNext("a2"), Notification.CreateOnCompleted<string>());
    }

    [Fact]
    public void An_error_of_the_source_is_passed_on()
    {
        var source = new Subject<string>();
        Exception? seen = null;
        Limited(source).Subscribe(_ => { }, error => seen = error);
        source.OnError(new InvalidOperationException("broken"));
        seen.Should().BeOfType<InvalidOperationException>();
    }

    [Fact]
    public void Nothing_comes_after_the_subscription_ends()
    {
        var source = new Subject<string>();
        var seen = new List<string>();
        var subscription = Limited(source).Subscribe(seen.Add);
        source.OnNext("a1");
        source.OnNext("a2");
        subscription.Dispose();
        _marbles.RunTo(1000);
        seen.Should().Equal("a1");
    }

    [Fact]
    public void Ten_thousand_keys_keep_their_own_pace()
    {
        var inputs = Enumerable.Range(0, 10_000).SelectMany(key => new[] { (At: key / 100.0, Value: (key, 1)), (At: key / 100.0, Value: (key, 2)) }).ToList();
        var outputs = _marbles.Run<(int Key, int Value), Tuple<int, int>>(
            source => source.Select(pair => Tuple.Create(pair.Key, pair.Value)).LimitRate(pair => pair.Item1, Interval, (_, _) => false, _marbles.Scheduler),
            1000, inputs);
        outputs.Should().HaveCount(20_000);
        foreach (var key in outputs.GroupBy(output => output.Value.Item1))
        {
            key.Select(output => output.Value.Item2).Should().Equal(1, 2);
            (key.Last().At - key.First().At).Should().BeApproximately(40, 1e-6);
        }
    }
}
