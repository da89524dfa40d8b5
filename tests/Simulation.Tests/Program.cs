using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Simulation.Planted;
using OrleansPayments.Simulation.Running;

namespace OrleansPayments.Simulation;

/// <summary><c>./run simulate</c>.</summary>
internal static class Program
{
    private const int Good = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int LastLines = 60;

    public static int Main(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(SimulateOptions.Usage);
            return Good;
        }

        try
        {
            var options = SimulateOptions.Parse(args);
            return options.Single is { } seed ? Replay(seed, options) : RunMany(options);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            return WrongUsage;
        }
        catch (SimulationEscapeException e)
        {
            Console.Error.WriteLine(e.Message + " Which seed it was is not known; run fewer at a time.");
            return Failed;
        }
    }

    private static int Replay(ulong seed, SimulateOptions options)
    {
        var trace = new SimulationTrace(options.ShowAll ? int.MaxValue : LastLines);
        SeedRun.Of(seed, options.Bug);
        var guard = new SimulationGuard();
        var result = SeedRun.Of(seed, options.Bug, trace);
        foreach (var line in trace.Lines) Console.WriteLine(line);
        Console.WriteLine($"seed {seed}: {result.Steps} steps, {result.Elapsed} of virtual time, hash {result.Hash:x16}");
        if (result.Violation is not null)
        {
            Console.WriteLine("VIOLATION: " + result.Violation);
            return Failed;
        }

        guard.Verify();
        Console.WriteLine("good");
        return Good;
    }

    private static int RunMany(SimulateOptions options)
    {
        var batch = new SeedBatch(options.First, options.Count, options.Threads, options.Bug, options.MostFailures);
        batch.Run(guarded: true);
        var planted = ReferenceEquals(options.Bug, PlantedBug.None) ? "" : $" --bug {options.Bug.Name}";
        foreach (var failure in batch.Failures.OrderBy(failure => failure.Seed))
        {
            Console.WriteLine($"seed {failure.Seed}: VIOLATION: {failure.Violation}");
            Console.WriteLine($"  replay: ./run simulate --seed {failure.Seed}{planted}");
        }

        Console.WriteLine(string.Join(", ", batch.Happened.Select(happened => $"{happened.Key} {happened.Value}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{batch.Done} seeds from {options.First}: {batch.Failures.Count} failed; {batch.Steps} steps, {batch.VirtualTime.TotalHours:F0} virtual hours in {batch.RealTime.TotalSeconds:F1} s; hash {batch.Hash:x16}"));
        return batch.Failures.Count == 0 ? Good : Failed;
    }
}
