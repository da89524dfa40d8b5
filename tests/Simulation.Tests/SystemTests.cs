using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Simulation.Planted;
using OrleansPayments.Simulation.Running;

namespace OrleansPayments.Simulation;

/// <summary>The whole system: that a seed means the same everywhere, and that what is wrong is found. That nothing is wrong is for <c>./run simulate</c> to say.</summary>
public sealed class SystemTests
{
    public static TheoryData<string> Bugs => [.. PlantedBug.All.Select(bug => bug.Name)];

    [Fact]
    public void A_seed_takes_the_same_steps_every_time_on_any_thread()
    {
        foreach (var seed in Enumerable.Range(500, 10))
        {
            var here = SeedRun.Of((ulong)seed, PlantedBug.None);
            SeedResult? there = null;
            var other = new Thread(() => there = SeedRun.Of((ulong)seed, PlantedBug.None));
            other.Start();
            other.Join();
            Assert.Equal(here, there);
        }
    }

    [Fact]
    public async Task A_seed_takes_the_same_steps_in_another_process()
    {
        var here = SeedRun.Of(42, PlantedBug.None);
        var output = await RunProgram("--seed", "42");
        Assert.Contains($"{here.Steps} steps", output, StringComparison.Ordinal);
        Assert.Contains($"hash {here.Hash:x16}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_seed_takes_steps_of_its_own() =>
        Assert.Equal(50, Enumerable.Range(1, 50).Select(seed => SeedRun.Of((ulong)seed, PlantedBug.None).Hash).Distinct().Count());

    [Fact]
    public void Everything_that_can_happen_to_a_payment_happens()
    {
        var batch = new SeedBatch(first: 1, count: 150, threads: 1, PlantedBug.None, mostFailures: 1);
        batch.Run(guarded: false);
        Assert.Empty(batch.Failures);
        var known = typeof(PaymentEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(type => (string)type.TypeDiscriminator!);

        // These providers take no funds by themselves and take every card; seldom does somebody else pay a charge before it is given up.
        string[] rare = ["charge.captured", "payment.routes_exhausted", "passed_charge.surfaced", "passed_charge.resolved"];
        Assert.Equal(known.Except(rare).Order(StringComparer.Ordinal), batch.Happened.Keys.Where(what => !what.Contains(':', StringComparison.Ordinal)).Except(rare));

        // Often enough that what must hold then was tried.
        Assert.All(
            [
                ("passed_on:declined", 25), ("passed_on:not_sent", 20), ("passed_on:rejected", 10), ("circuit:opened", 20), ("route:circuit_open", 15),
                ("route:bulkhead_full", 15), ("attempt.outcome_unknown", 150),
            ],
            least => Assert.True(batch.Happened.GetValueOrDefault(least.Item1) >= least.Item2, $"{least.Item1}: {batch.Happened.GetValueOrDefault(least.Item1)}"));
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_planted_bug_is_found_within_1000_seeds_and_its_seed_shows_it_again(string name)
    {
        var bug = PlantedBug.Find(name)!;
        var batch = new SeedBatch(first: 1, count: 1000, threads: 1, bug, mostFailures: 1);
        batch.Run(guarded: false);
        var found = Assert.Single(batch.Failures);

        Assert.Equal(found, SeedRun.Of(found.Seed, bug));
        Assert.Null(SeedRun.Of(found.Seed, PlantedBug.None).Violation);
        var replay = await RunProgram("--seed", found.Seed.ToString(CultureInfo.InvariantCulture), "--bug", name);
        Assert.Contains($"VIOLATION: {found.Violation}", replay, StringComparison.Ordinal);
        Assert.Contains($"hash {found.Hash:x16}", replay, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--seeds", "many")]
    [InlineData("--seed", "-1")]
    [InlineData("--bug", "unheard-of")]
    [InlineData("--threads", "257")]
    [InlineData("--sseeds", "1")]
    public void A_wrong_argument_is_named(string name, string value) =>
        Assert.Contains(name, Assert.Throws<FormatException>(() => SimulateOptions.Parse([name, value])).Message, StringComparison.Ordinal);

    private static async Task<string> RunProgram(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SystemTests).Assembly.Location, .. arguments]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
