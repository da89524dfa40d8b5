using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace OrleansPayments.Benchmarks.Routing;

/// <summary><c>./run bench routing</c>: what one routing decision costs, and what it costs to keep the connectors' health.</summary>
internal static class RoutingCommand
{
    public const string Name = "routing";

    /// <param name="args">BenchmarkDotNet's own, such as <c>--filter *Decision*</c>; without a filter, all is measured.</param>
    public static void Run(string[] args)
    {
        // Without any of these it would ask.
        var chooses = args.Any(arg => arg is "--filter" or "-f" or "--list" or "--help" or "--info");
        BenchmarkSwitcher.FromTypes([typeof(DecisionBenchmark), typeof(DirectoryBenchmark)]).Run(chooses ? args : ["--filter", "*", .. args], Config());
    }

    // In this process: the usual toolchain builds a project of its own in a folder below this program's, where this repository's build rules do not fit it.
    // Short iterations, so that all takes about two minutes; the means are of 15.
    private static ManualConfig Config() => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5)
            .WithIterationCount(15)
            .WithIterationTime(TimeInterval.FromMilliseconds(150)))
        .AddColumnProvider(DefaultColumnProviders.Params, DefaultColumnProviders.Statistics, DefaultColumnProviders.Metrics, DefaultColumnProviders.Descriptor)
        .AddColumn(StatisticColumn.Median)
        .AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)))
        .AddLogger(ConsoleLogger.Default)
        .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "routing"));
}
