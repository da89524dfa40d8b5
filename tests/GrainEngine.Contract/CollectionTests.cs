using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Idle collection, on a clock that the test moves, and the bound on activations.</summary>
public sealed class CollectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync(
        options =>
        {
            options.CollectionAge = 10 * Minute;
            // Not the period of the timers below, or every scan would meet a tick.
            options.CollectionScanInterval = TimeSpan.FromSeconds(70);
            options.CallTimeout = TimeSpan.FromDays(1);
            options.MaxActivations = 50;
        },
        _time);

    public async Task DisposeAsync()
    {
        var stopping = _engine.StopAsync();
        await Eventually.Holds(
            () =>
            {
                // The drain waits on the same clock.
                _time.Advance(TimeSpan.FromMilliseconds(10));
                return stopping.IsCompleted;
            },
            "the engine stops");
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task An_idle_grain_is_deactivated_in_time_and_comes_back()
    {
        var grain = _engine.Grains.GetGrain<ILifecycleGrain>("idle");
        await grain.Touch("call");
        _time.Advance(9 * Minute);
        await grain.Touch("call");
        _time.Advance(9 * Minute);
        await grain.Touch("call");
        Assert.Equal(1, _engine.Journal.CountOf("activated idle"));

        _time.Advance(12 * Minute);
        await Eventually.Holds(() => _engine.Journal.CountOf("deactivated idle: ActivationIdle") == 1, "the idle grain is collected");
        await grain.Touch("call");
        Assert.Equal(2, _engine.Journal.CountOf("activated idle"));
    }

    [Fact]
    public async Task A_call_in_flight_keeps_its_grain()
    {
        var busy = _engine.Grains.GetGrain<IProbeGrain>("busy");
        var before = await busy.ActivationId();
        var holding = busy.WaitAt("gate", "holder");
        await _engine.Grains.GetGrain<ILifecycleGrain>("idle").Touch("call");
        _time.Advance(30 * Minute);
        await Eventually.Holds(() => _engine.Journal.CountOf("deactivated idle: ActivationIdle") == 1, "another idle grain is collected");
        _engine.Journal.Open("gate");
        await Eventually.Ends(holding);
        Assert.Equal(before, await busy.ActivationId());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_a_timer_that_keeps_alive_keeps_its_grain(bool keepAlive)
    {
        await _engine.Grains.GetGrain<ITimerGrain>(Guid.NewGuid())
            .Start(interleave: false, failing: false, keepAlive, periodMs: (int)Minute.TotalMilliseconds);
        await _engine.Grains.GetGrain<ILifecycleGrain>("idle").Touch("call");
        for (var ticks = 1; ticks <= 30 && _engine.Journal.CountOf("timer grain deactivated") == 0; ticks++)
        {
            // The scan and the tick fall into different halves, so that a scan's decision is made before the next tick.
            _time.Advance(Minute / 2);
            await Task.Delay(2);
            _time.Advance(Minute / 2);
            await Eventually.Holds(
                () => _engine.Journal.CountOf("tick") >= ticks || _engine.Journal.CountOf("timer grain deactivated") == 1, "the tick of this minute");
        }

        await Eventually.Holds(() => _engine.Journal.CountOf("deactivated idle: ActivationIdle") == 1, "the idle grain is collected");
        if (keepAlive)
            Assert.Equal(0, _engine.Journal.CountOf("timer grain deactivated"));
        else
            await Eventually.Holds(() => _engine.Journal.CountOf("timer grain deactivated") == 1, "a timer that does not keep alive lets its grain go");
    }

    [Fact]
    public async Task Above_the_bound_a_new_grain_is_refused_until_busy_ones_are_done()
    {
        var busy = Enumerable.Range(0, 50).Select(i => _engine.Grains.GetGrain<IProbeGrain>($"busy{i}").WaitAt("gate", "x")).ToList();
        await Assert.ThrowsAsync<LimitExceededException>(() => _engine.Grains.GetGrain<IProbeGrain>("one more").Add(1));

        _engine.Journal.Open("gate");
        await Task.WhenAll(busy);
        var oneMore = _engine.Grains.GetGrain<IProbeGrain>("one more");
        await Eventually.Holds(() => oneMore.Add(1).IsCompletedSuccessfully, "an idle grain made room");
    }

    [Fact]
    public async Task A_call_times_out_after_its_time_and_not_before()
    {
        var call = _engine.Grains.GetGrain<IProbeGrain>("stuck").WaitAt("gate", "stuck");
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(call));
        _engine.Journal.Open("gate");
    }
}
