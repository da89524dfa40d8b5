namespace OrleansPayments.Silo.Hosting;

/// <summary>Builds and runs the silo.</summary>
public static class PaymentsSilo
{
    /// <summary>Runs until the process is told to stop.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = WebApplication.CreateSlimBuilder(args).Build();
        await app.RunAsync();
        return 0;
    }
}
