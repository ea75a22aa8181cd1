namespace Telemetry.Api.Hosting;

/// <summary>Middleware that runs before that of every stage.</summary>
sealed class FirstMiddleware(Action<IApplicationBuilder> add) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        add(app);
        next(app);
    };
}
