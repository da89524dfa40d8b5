namespace OrleansPayments.Benchmarks.Engine;

/// <summary>Measures every scenario with every contestant, in turn, so that whatever else the machine does meets all of them.</summary>
internal static class EngineBenchmark
{
    // Grains whose first call is measured in the warm-up.
    private const int WarmingRound = 0;

    /// <summary>On the calling thread, which must be none of the pool's.</summary>
    public static EngineReport Run(EngineOptions options, CancellationToken stop)
    {
        EngineConsole.PrintHead(options);
        List<IContestant> contestants = [];
        try
        {
            contestants.Add(new MailboxContestant());
            contestants.AddRange(EngineHosts.Start());
            if (options.OrleansProgram is { } program) contestants.Add(EngineProcess.Start(program));

            var measured = contestants.Where(one => one.Name.Contains(options.Contestant, StringComparison.OrdinalIgnoreCase)).ToList();
            var figures = new List<EngineFigure>();
            for (var round = WarmingRound; round <= options.Rounds; round++)
            {
                foreach (var scenario in options.Scenarios)
                    foreach (var contestant in measured)
                    {
                        stop.ThrowIfCancellationRequested();
                        var warming = round == WarmingRound;
                        var window = warming ? new EngineWindow(options.FirstWarmUp, TimeSpan.Zero) : options.Window;
                        if (contestant.Measure(scenario, window, stop) is { } sample && !warming)
                            figures.Add(new(scenario, contestant.Name, round, sample));
                    }

                EngineConsole.PrintProgress(round, options.Rounds);
            }

            return new EngineReport(options, [.. measured.Select(contestant => contestant.Name)], figures);
        }
        finally
        {
            foreach (var contestant in contestants) contestant.Dispose();
        }
    }
}
