namespace OrleansPayments.Silo.Hosting;

/// <summary>Options from a section of the configuration that say themselves what is out of range.</summary>
internal static class CheckedOptions
{
    /// <param name="throwIfInvalid">Throws an exception whose text names the option and its range; the start then fails with it.</param>
    public static void AddChecked<T>(this IServiceCollection services, IConfigurationSection section, Action<T> throwIfInvalid)
        where T : class =>
        services.AddOptions<T>().Bind(section).Validate(options =>
        {
            throwIfInvalid(options);
            return true;
        });
}
