using System.Diagnostics;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>How long a caller waits.</summary>
public abstract class TimeoutTests(EngineMode mode) : Contract(mode, new() { CallTimeout = Limit })
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_call_without_an_answer_times_out_in_time_and_goes_on_in_its_grain()
    {
        var watch = Stopwatch.StartNew();
        await Eventually.Fails<TimeoutException>(Probe("stuck").WaitAt("gate", "stuck"));
        Assert.InRange(watch.Elapsed, Limit, 1.9 * Limit);
        Assert.Equal(["begin stuck"], Journal.Lines);
        Journal.Open("gate");
        await Written("end stuck");
        Assert.Equal(1, await Eventually.Ends(Probe("stuck").Add(1)));
    }

    [Fact]
    public async Task A_method_may_have_a_timeout_of_its_own()
    {
        var watch = Stopwatch.StartNew();
        await Eventually.Fails<TimeoutException>(Probe("own").ImpatientlyWaitAt("gate", "x"));
        // The method's is one second; how often an engine looks is its own affair.
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), 1.1 * Limit);
    }

    [Fact]
    public async Task A_timeout_names_no_argument()
    {
        var thrown = await Eventually.Fails<TimeoutException>(Probe("named").ImpatientlyWaitAt("gate", "4111111111111111"));
        Assert.DoesNotContain("4111111111111111", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Engine.Log.Entries, entry => entry.Text.Contains("4111111111111111", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_waits_behind_a_stuck_one_times_out_too_and_never_runs()
    {
        var grain = Probe("behind");
        var stuck = grain.WaitAt("gate", "stuck");
        await Written("begin stuck");
        var waiting = grain.Note("waited").AsTask();
        await Eventually.Fails<TimeoutException>(stuck);
        await Eventually.Fails<TimeoutException>(waiting);
        Journal.Open("gate");
        await Eventually.Ends(grain.Note("after").AsTask());
        Assert.Equal(["begin stuck", "end stuck", "after"], Journal.Lines);
    }
}
