using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Ages and timeouts to the minute, on a clock that the test moves.</summary>
public sealed class ManualClockTests : IAsyncLifetime
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
        var period = (int)Minute.TotalMilliseconds;
        await _engine.Grains.GetGrain<ITimerGrain>(Guid.NewGuid()).Start(new(period, period, KeepAlive: keepAlive));
        await _engine.Grains.GetGrain<ILifecycleGrain>("idle").Touch("call");

        // On a busy machine a scan may be so late that it meets the next tick and takes the grain for busy; then a later one collects it.
        var most = keepAlive ? 30 : 2_000;
        for (var ticks = 1; ticks <= most && _engine.Journal.CountOf("timer grain deactivated") == 0; ticks++)
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
    public async Task A_call_times_out_after_its_time_and_not_before()
    {
        var call = _engine.Grains.GetGrain<IProbeGrain>("stuck").WaitAt("gate", "stuck");
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        var thrown = await Eventually.Fails<TimeoutException>(call);
        Assert.Contains("stuck", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(IProbeGrain.WaitAt), thrown.Message, StringComparison.Ordinal);
        _engine.Journal.Open("gate");
    }
}
