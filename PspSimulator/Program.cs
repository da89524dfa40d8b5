using OrleansPayments.PspSimulator;

if (!SimulatorOptions.TryFromEnvironment(out var options, out var problem))
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

await using var simulator = PspSimulatorHost.Create(options);
try
{
    await simulator.StartAsync();
}
catch (IOException failure)
{
    await Console.Error.WriteLineAsync($"The simulator cannot listen on 127.0.0.1:{options.Port}: {failure.Message}");
    return 1;
}

Console.WriteLine($"psp simulator listening on {PspSimulatorHost.AddressOf(simulator)}");
await simulator.WaitForShutdownAsync();
return 0;
